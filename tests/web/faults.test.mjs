// What goes wrong under the page: refusals, silence, answers that make no sense, parts that can not be loaded. No page
// is blank then, and nothing that was typed is lost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desk, openBrowser, refusedWith, until } from "./desk.mjs";
import { Server } from "./server.mjs";

const CHUNKS = /\/_next\/static\/chunks\/.*\.js$/;
const NOT_LOADED = /net::ERR_FAILED/;

let server;
let browser;
let ref;

before(async () => {
  server = await Server.start();
  server.addAccount("ada", "admin");
  browser = await openBrowser();
  const desk = await openDesk();
  ref = await desk.bookPlain();
  await desk.leave();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function openDesk(...expected) {
  const desk = await Desk.open(browser, server, { expected });
  await desk.signIn("ada");
  return desk;
}

const api = (path) => new RegExp(`/api/v1/${path}(\\?|$)`);

function refusal(status, code, more = {}) {
  const body = { type: "about:blank", title: "No", status, detail: "it was refused on purpose", code, request_id: "x", ...more };
  return { status, contentType: "application/problem+json", headers: { "Retry-After": "1" }, body: JSON.stringify(body) };
}

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

/** Where each page asks for what it is about. */
const asked = {
  Dashboard: ["/", api("analytics")],
  Bookings: ["/bookings/", api("bookings")],
  Analytics: ["/analytics/", api("analytics")],
  Settings: ["/settings/", api("api-keys")],
  Booking: [() => `/booking/?ref=${ref}`, api("bookings/ACB\\d+")],
  History: [() => `/booking/?ref=${ref}`, api("bookings/ACB\\d+/history")],
  Routes: [() => `/routes/?from=LEJ&to=DEL&date=${tomorrow()}`, api("routes/search")],
};

for (const status of [403, 500]) {
  test(`every page says so when it is refused with ${status}, and goes on when asked to`, async () => {
    const desk = await openDesk(refusedWith(status));
    for (const [name, [path, address]] of Object.entries(asked)) {
      let refused = 0;
      await desk.context.route(address, (route) => {
        ++refused;
        return route.fulfill(refusal(status, status === 403 ? "forbidden" : "internal"));
      });
      await desk.go(typeof path === "string" ? path : path());
      const failed = desk.page.getByRole("alert").filter({ hasText: "This could not be loaded" });
      await failed.first().waitFor();
      assert.ok(refused > 0, name);
      assert.deepEqual(await desk.accessibilityFaults(), [], name);
      await desk.context.unroute(address);
      await until(async () => {
        if ((await failed.count()) === 0) return true;
        await desk.press("Try again", failed.first());
        return false;
      });
      await desk.settled();
    }
    await desk.leave();
  });
}

async function fillBooking(desk) {
  await desk.go("/bookings/new/");
  await desk.chooseAirport("From", "DEL", "DEL");
  await desk.chooseAirport("To", "BLR", "BLR");
  await desk.field("Pieces").fill("7");
  await desk.field("Gross weight, kg").fill("120");
  await desk.field(/^Notes/).fill("handle with care");
}

async function holdsBooking(desk) {
  const typed = async (name) => desk.page.getByRole("combobox", { name, exact: true }).inputValue();
  assert.deepEqual([await typed("From"), await typed("To")], ["DEL", "BLR"]);
  assert.equal(await desk.field("Pieces").inputValue(), "7");
  assert.equal(await desk.field("Gross weight, kg").inputValue(), "120");
  assert.equal(await desk.field(/^Notes/).inputValue(), "handle with care");
}

test("a booking that is refused stays as it was typed, with the reason, and is made when sent again", async () => {
  const desk = await openDesk(...[400, 403, 409, 422, 500, 503].map(refusedWith), NOT_LOADED);
  await fillBooking(desk);
  const errors = [{ field: "pieces", code: "invalid_request", detail: "are too many today" }];
  const refusals = [
    [refusal(400, "invalid_request", { errors }), "Are too many today"],
    [refusal(403, "forbidden"), "Your account may not do this."],
    [refusal(409, "already_exists"), "It was refused on purpose"],
    [refusal(422, "idempotency_key_reused"), "It was refused on purpose"],
    [refusal(500, "internal"), "It was refused on purpose"],
    [refusal(503, "backend_down"), "It was refused on purpose"],
    [{ status: 500, contentType: "text/html", body: "<h1>proxy</h1>" }, "Something went wrong at the server."],
    [null, "The server does not answer. Nothing was lost; try again."],
  ];
  for (const [answer, reason] of refusals) {
    await desk.context.route(api("bookings"), (route) => (answer ? route.fulfill(answer) : route.abort()));
    await desk.press("Book");
    await desk.page.getByText(reason, { exact: true }).first().waitFor();
    await desk.button("Book").and(desk.page.locator(":enabled")).waitFor();
    await holdsBooking(desk);
    await desk.context.unroute(api("bookings"));
  }
  await desk.page.reload();
  await desk.heading("New booking").waitFor();
  await until(async () => (await desk.field("Pieces").inputValue()) === "7");
  await holdsBooking(desk);
  await desk.press("Book");
  await desk.bookedRef();
  await desk.sees("Booked", 1);
  await desk.leave();
});

test("on a slow network the form is held, and one booking is made however often it is sent", async () => {
  const desk = await openDesk();
  await fillBooking(desk);
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const sent = [];
  await desk.context.route(api("bookings"), async (route) => {
    sent.push(route.request().headers()["idempotency-key"]);
    await released;
    await route.continue();
  });
  await desk.press("Book");
  await until(() => sent.length > 0);
  await desk.field("Pieces").press("Enter");
  await holdsBooking(desk);
  release();
  await desk.bookedRef();
  await desk.sees("Booked", 1);
  assert.equal(new Set(sent).size, 1);
  await desk.leave();
});

test("while answers take their time each page shows its frame, and what comes moves in", async () => {
  const desk = await openDesk();
  for (const [name, [path, address]] of Object.entries(asked)) {
    const held = [];
    await desk.context.route(address, (route) => void held.push(route));
    await desk.go(typeof path === "string" ? path : path());
    await desk.page.getByRole("status", { name: /^(Loading|Searching|Looking)/ }).first().waitFor();
    await desk.page.getByRole("navigation", { name: "Main" }).waitFor();
    await until(() => held.length > 0);
    await desk.context.unroute(address);
    for (const route of held) await route.continue().catch(() => undefined); // given up meanwhile
    await desk.settled();
    assert.notEqual(await desk.page.getByRole("main").innerText(), "", name);
  }
  await desk.leave();
});

test("an answer that makes no sense takes its page down, not the frame, and the page can be tried again", async () => {
  const desk = await openDesk(/RangeError|TypeError/);
  await desk.context.route(api("analytics"), (route) => route.fulfill({ json: {} }));
  await desk.go("/");
  const stumbled = desk.page.getByRole("alert").filter({ hasText: "This page stumbled" });
  await stumbled.waitFor();
  assert.deepEqual(await desk.accessibilityFaults(), []);
  await desk.page.getByRole("navigation", { name: "Main" }).waitFor();
  await desk.context.unroute(api("analytics"));
  await desk.press("Load anew", stumbled);
  await desk.heading("Dashboard").waitFor();
  await desk.leave();
});

test("who asks too often is told how long to wait, and goes on by himself", async (t) => {
  const strict = await Server.start("--user-rate-limit", "30/min,burst=5");
  t.after(() => strict.stop());
  strict.addAccount("ada", "admin");
  const desk = await Desk.open(browser, strict, { expected: [refusedWith(429)] });
  await desk.signIn("ada", "/bookings/new/");
  await desk.field("Pieces").fill("7");
  const told = desk.page.getByRole("status").filter({ hasText: "The server asks to wait" });
  const pauses = [];
  desk.page.on("response", (answer) => answer.status() === 429 && pauses.push(answer.headers()["retry-after"]));
  const waited = told.waitFor();
  for (const name of ["Dashboard", "Analytics", "Settings", "Bookings"]) {
    await desk.page.getByRole("link", { name, exact: true }).click();
    await desk.heading(name).waitFor();
  }
  await waited;
  assert.ok(pauses.every((seconds) => Number(seconds) > 0));
  await told.waitFor({ state: "hidden" });
  await desk.page.getByText("No bookings yet").waitFor();
  await desk.page.getByRole("link", { name: "New booking" }).first().click();
  await until(async () => (await desk.field("Pieces").inputValue()) === "7");
  await desk.leave();
});

test("parts that can not be loaded take nothing along, and come when they can", async () => {
  const desk = await openDesk(NOT_LOADED);
  const page = await (await desk.context.request.get(`${server.url}/bookings/new/`)).text();
  let refused = 0;
  await desk.context.route(CHUNKS, (route) => {
    if (page.includes(new URL(route.request().url()).pathname)) return route.continue();
    ++refused;
    return route.abort();
  });
  await desk.go("/bookings/new/");
  await desk.field("Pieces").fill("7");
  await desk.page.keyboard.press("Control+k");
  await until(() => refused > 0);
  assert.equal(await desk.field("Pieces").inputValue(), "7");
  await desk.context.unroute(CHUNKS);
  await desk.page.getByRole("combobox", { name: "Jump to a booking or page" }).waitFor();
  await desk.page.keyboard.press("Escape");
  assert.equal(await desk.field("Pieces").inputValue(), "7");
  await desk.leave();
});

test("where the scripts of a page can not be loaded there is no blank one, and nothing typed is lost", async () => {
  const desk = await openDesk(NOT_LOADED, /ChunkLoadError/);
  await desk.go("/bookings/new/");
  await desk.field("Pieces").fill("7");
  let refused = 0;
  await desk.context.route(CHUNKS, (route) => {
    ++refused;
    return route.abort();
  });
  await desk.page.getByRole("link", { name: "Analytics" }).click();
  await until(async () => refused > 0 || (await desk.heading("Analytics").count()) > 0);
  const told = desk.page.getByText("A part of this page could not be loaded.");
  await desk.heading(/New booking|Analytics|stumbled/).or(told).first().waitFor();
  await desk.context.unroute(CHUNKS);
  await desk.go("/bookings/new/");
  await until(async () => (await desk.field("Pieces").inputValue()) === "7");
  await desk.leave();
});
