// axe finds nothing on any page, by day and by night, on a desk and on a phone; and all of a booking goes by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desk, openBrowser } from "./desk.mjs";
import { PASSWORD, Server } from "./server.mjs";

let server;
let browser;
let ref;

before(async () => {
  server = await Server.start();
  server.addAccount("ada", "admin");
  browser = await openBrowser();
  const desk = await Desk.open(browser, server);
  await desk.signIn("ada");
  ref = await desk.bookPlain();
  await desk.act("Depart DEL", `Depart ${ref}`, "Record departure");
  await desk.bookPlain("BOM", "FRA");
  await desk.leave();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

const pages = {
  Dashboard: () => "/",
  Bookings: () => "/bookings/",
  "New booking": () => "/bookings/new/",
  Routes: () => `/routes/?from=LEJ&to=DEL&date=${tomorrow()}`,
  Analytics: () => "/analytics/",
  Settings: () => "/settings/",
  Departed: () => `/booking/?ref=${ref}`,
  "No such booking": () => "/booking/?ref=ACB00000",
};
const desks = { "on a desk": { width: 1280, height: 900 }, "on a phone": { width: 390, height: 844 } };

/** What a page looks like once somebody has done something. */
const states = {
  "nothing found": ["/bookings/?origin=BLR&destination=BLR", (desk) => desk.heading("Bookings").waitFor()],
  "no such page": ["/nowhere/", (desk) => desk.heading("There is nothing here").waitFor()],
  palette: ["/bookings/", openPalette],
  bulk: ["/bookings/", actOnTwo],
  cancel: [() => `/booking/?ref=${ref}`, (desk) => openDialog(desk, "Cancel", `Cancel ${ref}?`)],
  webhook: ["/settings/", (desk) => openDialog(desk, "Add a webhook", "Add a webhook")],
};

async function openPalette(desk) {
  await desk.page.keyboard.press("Control+k");
  await desk.page.getByRole("combobox", { name: "Jump to a booking or page" }).waitFor();
}

async function actOnTwo(desk) {
  for (const at of [1, 2]) await desk.page.getByRole("checkbox").nth(at).check();
  await desk.press("Cancel");
  await desk.dialog("Cancel 2 bookings").waitFor();
}

async function openDialog(desk, button, title) {
  await desk.press(button);
  await desk.dialog(title).waitFor();
}

async function checkAll(options) {
  const desk = await Desk.open(browser, server, { ...options, expected: [/status of 404 .*(ACB00000|nowhere)/] });
  await desk.go("/");
  await desk.heading("Sign in").waitFor();
  const faults = { "Sign in": await desk.accessibilityFaults() };
  await desk.press("Create account");
  await desk.heading("Create account").waitFor();
  faults.Register = await desk.accessibilityFaults();
  await desk.signIn("ada");
  for (const [name, path] of Object.entries(pages)) {
    await desk.go(path());
    await desk.heading(name).waitFor();
    await desk.settled();
    faults[name] = await desk.accessibilityFaults();
  }
  for (const [name, [path, show]] of Object.entries(states)) {
    await desk.go(typeof path === "string" ? path : path());
    await desk.settled();
    await show(desk);
    faults[name] = await desk.accessibilityFaults();
  }
  const none = Object.fromEntries(Object.keys(faults).map((name) => [name, []]));
  assert.deepEqual(faults, none);
  await desk.leave();
}

for (const colorScheme of ["light", "dark"]) {
  for (const [where, viewport] of Object.entries(desks)) {
    test(`axe finds nothing: ${colorScheme}, ${where}`, () => checkAll({ colorScheme, viewport }));
  }
}

const MOST_STOPS = 80;

/** Goes on by Tab, or back by Shift+Tab, until it has the focus. */
async function tabTo(desk, wanted, key = "Tab") {
  await wanted.waitFor();
  for (let stop = 0; stop < MOST_STOPS; ++stop) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await desk.page.keyboard.press(key);
  }
  assert.fail(`${wanted} can not be reached by ${key}`);
}

async function typeInto(desk, wanted, text) {
  await tabTo(desk, wanted);
  await desk.page.keyboard.type(text);
}

test("signing in, booking and departing by the keyboard alone", async () => {
  const desk = await Desk.open(browser, server);
  const { page } = desk;
  const combobox = (name) => page.getByRole("combobox", { name, exact: true });
  await desk.go("/");
  await typeInto(desk, desk.field("Name"), "ada");
  await typeInto(desk, desk.field("Password"), PASSWORD);
  await page.keyboard.press("Enter");

  await desk.heading("Dashboard").waitFor();
  await page.keyboard.press("Control+k");
  await combobox("Jump to a booking or page").waitFor();
  await page.keyboard.type("New boo");
  await page.getByRole("option", { name: "New booking" }).waitFor();
  await page.keyboard.press("Enter");

  await desk.heading("New booking").waitFor();
  for (const [label, city, code] of [["From", "Leipzig", "LEJ"], ["To", "Bengaluru", "BLR"]]) {
    await typeInto(desk, combobox(label), city);
    await page.getByRole("option", { name: code }).waitFor();
    await page.keyboard.press("Enter");
    assert.equal(await combobox(label).inputValue(), code);
  }
  await typeInto(desk, desk.field("Pieces"), "5");
  await typeInto(desk, desk.field("Gross weight, kg"), "120");
  const routes = page.getByRole("radio");
  await routes.nth(1).waitFor();
  await tabTo(desk, routes.first());
  await page.keyboard.press("ArrowDown");
  assert.equal(await routes.nth(1).isChecked(), true);
  await tabTo(desk, desk.button("Book"), "Shift+Tab");
  await page.keyboard.press("Enter");

  const made = await desk.bookedRef();
  await desk.sees("Booked", 1);
  await tabTo(desk, desk.button("Depart LEJ"));
  await page.keyboard.press("Enter");
  await tabTo(desk, desk.button("Record departure", desk.dialog(`Depart ${made}`)));
  await page.keyboard.press("Enter");
  await desk.sees("Departed", 2);
  await desk.leave();
});
