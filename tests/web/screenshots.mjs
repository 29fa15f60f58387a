// Takes the pictures of docs/screenshots anew: every page by day and by night, on a desk and on a phone, with what the
// demo has booked. ./dev screenshots [FOLDER]
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Desk, openBrowser } from "./desk.mjs";
import { environment, PASSWORD, PROGRAM, Server } from "./server.mjs";

const folder = process.argv[2] ?? "docs/screenshots";
const MOST_BYTES = 38_000;
const DEMO_ACTS = 900;

const views = {
  desk: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Books and moves shipments as the demo does: the same ones each time, as far as the schedule of today has them. */
function bringToLife(server) {
  const args = ["demo", "--url", server.url, "--name", "demo", "--pace", "0", "--count", DEMO_ACTS, "--seed", "7"];
  const done = spawnSync(PROGRAM, args.map(String), { env: environment({ AIRCARGO_PASSWORD: PASSWORD }), encoding: "utf8" });
  if (done.status !== 0) throw new Error(`the demo failed: ${done.stderr}`);
}

async function bookRoute(desk, from, to) {
  await desk.go(`/routes/?from=${from}&to=${to}&date=${inDays(1)}`);
  await desk.page.getByRole("region", { name: "With stops" }).getByRole("link", { name: /^Book this: / }).first().click();
  return desk.book({ pieces: "12", weight: "640" });
}

/** The bookings that pictures are taken of: on its way behind a transfer, and cancelled. */
async function makeBookings(browser, server) {
  const desk = await Desk.open(browser, server);
  await desk.signIn("ada");
  const moving = await bookRoute(desk, "LEJ", "DEL");
  await desk.act(/^Depart/, `Depart ${moving}`, "Record departure");
  await desk.act(/^Arrive/, `Arrive ${moving}`, "Record arrival");
  await desk.act(/^Depart/, `Depart ${moving}`, "Record departure");
  const cancelled = await bookRoute(desk, "LEJ", "DEL");
  await desk.act("Cancel", `Cancel ${cancelled}?`, "Cancel booking");
  await desk.leave();
  return { moving, cancelled };
}

const fillIn = async (desk) => {
  await desk.chooseAirport("From", "LEJ", "LEJ");
  await desk.chooseAirport("To", "BLR", "BLR");
  await desk.field("Pieces").fill("5");
  await desk.field("Gross weight, kg").fill("120");
  await desk.page.getByRole("radio").nth(1).check();
};

const openPalette = async (desk) => {
  await desk.page.keyboard.press("Control+k");
  await desk.page.getByRole("combobox", { name: "Jump to a booking or page" }).waitFor();
};

/** [name, address, what is done before the picture]; those of `once` are taken on a desk by day alone. */
const pages = ({ moving }) => [
  ["dashboard", "/"],
  ["bookings", "/bookings/"],
  ["new-booking", "/bookings/new/", fillIn],
  ["routes", `/routes/?from=LEJ&to=DEL&date=${inDays(1)}`],
  ["booking", `/booking/?ref=${moving}`],
  ["analytics", "/analytics/"],
  ["settings", "/settings/"],
];
const once = ({ moving, cancelled }) => [
  ["palette", "/bookings/", openPalette],
  ["cancelled", `/booking/?ref=${cancelled}`],
  ["act", `/booking/?ref=${moving}`, (desk) => desk.press(/^Arrive/)],
  ["bulk", "/bookings/", async (desk) => {
    for (const at of [1, 2, 3]) await desk.page.getByRole("checkbox").nth(at).check();
  }],
  ["nothing-found", "/bookings/?origin=BLR&destination=BLR"],
  ["not-found", "/nowhere/"],
  ["offline", `/booking/?ref=${moving}`, (desk) => desk.context.setOffline(true)],
];

async function take(desk, name) {
  await desk.settled();
  await desk.page.evaluate(() => document.fonts.ready);
  await desk.page.evaluate(() => globalThis.scrollTo(0, 0));
  await desk.page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
  const file = join(folder, `${name}.webp`);
  writeFileSync(file, await smallPicture(desk));
}

/** As good as it gets below what a picture may have. */
async function smallPicture(desk) {
  const { width, height } = desk.page.viewportSize();
  const clip = { x: 0, y: 0, width, height, scale: width > 1000 ? 0.8 : 1 };
  const chromium = await desk.context.newCDPSession(desk.page);
  for (const quality of [75, 60, 45, 30]) {
    const { data } = await chromium.send("Page.captureScreenshot", { format: "webp", quality, clip });
    const picture = Buffer.from(data, "base64");
    if (picture.length <= MOST_BYTES) return picture;
  }
  throw new Error(`a picture of ${desk.page.url()} has more than ${MOST_BYTES} bytes`);
}

async function takeAll(browser, server, refs, view, colorScheme) {
  const expected = [/./]; // what the browser says of pages that are not there, and of being offline
  const desk = await Desk.open(browser, server, { ...views[view], colorScheme, timezoneId: "Europe/Berlin", locale: "en-GB", expected });
  const named = (name) => `${name}-${view}-${colorScheme}`;
  await desk.go("/");
  await desk.heading("Sign in").waitFor();
  await take(desk, named("sign-in"));
  await desk.press("Create account");
  await desk.heading("Create account").waitFor();
  await take(desk, named("register"));
  await desk.signIn("ada");
  const extra = view === "desk" && colorScheme === "light" ? once(refs) : [];
  for (const [name, path, prepare] of [...pages(refs), ...extra]) {
    await desk.go(path);
    await desk.settled();
    await prepare?.(desk);
    await take(desk, named(name));
  }
  await desk.leave();
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const server = await Server.start();
let browser;
try {
  server.addAccount("ada", "admin");
  server.addAccount("demo", "agent");
  bringToLife(server);
  browser = await openBrowser();
  const refs = await makeBookings(browser, server);
  for (const view of Object.keys(views)) {
    for (const colorScheme of ["light", "dark"]) await takeAll(browser, server, refs, view, colorScheme);
  }
} finally {
  await browser?.close();
  await server.stop();
}
