// What the page may take: bytes of the first load, time until it is painted, and time until it has reacted, with a hundred
// thousand bookings in its table. Prints what it measured. Of the rounds the quickest counts: what else the machine does
// only adds to them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desk, openBrowser } from "./desk.mjs";
import { bookMany } from "./many.mjs";
import { Server } from "./server.mjs";

const BOOKINGS = 100_000;
const FIRST_LOAD_BYTES = 250_000;
const PAINT_MS = 1000;
const REACTION_MS = 100;
const ROUNDS = 5;

let server;
let browser;

before(async () => {
  server = await Server.start();
  server.addAccount("ada", "agent");
  await bookMany(server, "ada", BOOKINGS);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What goes over the wire until the page stands, fonts apart, and when its largest part was painted. */
async function firstLoad() {
  const desk = await Desk.open(browser, server);
  const bodies = { page: [], fonts: [] };
  desk.page.on("requestfinished", (request) => {
    const kind = request.resourceType() === "font" ? "fonts" : "page";
    bodies[kind].push(request.sizes().then((sizes) => sizes.responseBodySize));
  });
  await desk.go("/");
  await desk.heading("Sign in").waitFor();
  await desk.page.waitForLoadState("networkidle");
  const sum = async (sizes) => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  const [bytes, fonts] = [await sum(bodies.page), await sum(bodies.fonts)];
  const paint = await desk.page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = (list) => resolve(list.getEntries().at(-1).startTime);
        new PerformanceObserver(seen).observe({ type: "largest-contentful-paint", buffered: true });
      }),
  );
  await desk.leave();
  return { bytes, fonts, paint };
}

test("the first load is small and soon painted", async (t) => {
  const loads = [];
  for (let round = 0; round < ROUNDS; ++round) loads.push(await firstLoad());
  const bytes = Math.max(...loads.map((load) => load.bytes));
  const paints = loads.map((load) => Math.round(load.paint));
  const kilobytes = Math.round(bytes / 1000);
  t.diagnostic(`${kilobytes} kB and ${Math.round(loads[0].fonts / 1000)} kB of fonts, largest paint after ${paints.join(", ")} ms`);
  assert.ok(bytes < FIRST_LOAD_BYTES, `${bytes} bytes`);
  assert.ok(Math.min(...paints) < PAINT_MS, `${paints} ms`);
});

/** How long the browser took from an input to the next paint, as it says itself: the longest of each round. */
async function reactions(page, act) {
  await page.evaluate(() => {
    globalThis.observer?.disconnect();
    globalThis.inputs = [];
    globalThis.observer = new PerformanceObserver((list) => globalThis.inputs.push(...list.getEntries()));
    globalThis.observer.observe({ type: "event", durationThreshold: 16 });
  });
  const rounds = [];
  for (let round = 0; round < ROUNDS; ++round) {
    await act(round);
    rounds.push(await page.evaluate(longestSinceAsked));
  }
  return rounds;
}

/** In the browser, two frames later: by then all that was slow has been told. What took less than a frame is 0. */
function longestSinceAsked() {
  const inTwoFrames = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  return new Promise((resolve) =>
    inTwoFrames(() => {
      const all = [...globalThis.inputs, ...globalThis.observer.takeRecords()].filter((each) => each.interactionId);
      globalThis.inputs = [];
      resolve(Math.max(0, ...all.map((each) => each.duration)));
    }),
  );
}

/** The table as it is after somebody has scrolled through all of it. */
async function loadAll(desk) {
  // A thousand a page, since what is measured begins when all are there.
  await desk.page.route(/\/api\/v1\/bookings\?/, (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set("page_size", "1000");
    return route.continue({ url: String(url) });
  });
  await desk.go("/bookings/");
  await desk.page.getByRole("table").waitFor();
  await desk.page.waitForFunction(
    (count) => {
      scrollTo(0, document.documentElement.scrollHeight);
      return document.querySelector(`tr[aria-rowindex="${count + 1}"]`) !== null;
    },
    BOOKINGS,
    { polling: "raf", timeout: 240_000 },
  );
}

/** Without scrolling to it, as Playwright does even when it is in sight. */
async function clickWhereItIs(page, wanted) {
  const { x, y, width, height } = await wanted.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

test("with a hundred thousand bookings in the table it reacts at once", async (t) => {
  const desk = await Desk.open(browser, server);
  await desk.signIn("ada");
  await loadAll(desk);
  const { page } = desk;
  const boxes = page.getByRole("row").getByRole("checkbox");
  const acts = {
    "selecting a booking": (n) => boxes.nth(2 + n).click(),
    "selecting all": () => boxes.first().click(),
    "opening the palette": async () => {
      await page.keyboard.press("Control+k");
      await page.keyboard.press("Escape");
    },
    "paging by keys": () => page.keyboard.press("PageUp"),
    "typing a filter": async (n) => {
      await desk.field("Reference").fill("");
      await desk.field("Reference").press("A");
    },
    "choosing another order": (n) => clickWhereItIs(page, page.getByRole("columnheader").getByRole("button").nth(n % 2)),
  };
  for (const [what, act] of Object.entries(acts)) {
    const took = await reactions(page, act);
    t.diagnostic(`${what}: ${took.join(", ")} ms`);
    assert.ok(Math.min(...took) < REACTION_MS, `${what} took ${took} ms`);
  }
  await desk.leave();
});
