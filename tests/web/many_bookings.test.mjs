// A hundred thousand bookings in the store: the list is there, and goes on as one scrolls.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desk, openBrowser } from "./desk.mjs";
import { PASSWORD, Server } from "./server.mjs";

const BOOKINGS = 100_000;
const AT_ONCE = 1000;

let server;
let browser;
let token;

before(async () => {
  server = await Server.start();
  server.addAccount("ada", "agent");
  ({ access_token: token } = await ask("POST", "/api/v1/auth/login", { name: "ada", password: PASSWORD }));
  for (let made = 0; made < BOOKINGS; made += AT_ONCE) await bookMany();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function ask(method, path, body) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

async function bookMany() {
  const entry = { origin: "DEL", destination: "BLR", pieces: 3, weight_kg: 120 };
  const { results } = await ask("POST", "/api/v1/bookings/batch", { entries: Array(AT_ONCE).fill(entry) });
  assert.ok(results.every(({ status }) => status === 201));
}

test("the list of 100,000 bookings goes on as one scrolls, and only what is in sight is drawn", async () => {
  const desk = await Desk.open(browser, server);
  await desk.signIn("ada", "/bookings/");
  await desk.page.getByText("100,000 bookings").first().waitFor();
  const rows = desk.page.locator("tbody tr[aria-rowindex]");
  await rows.first().waitFor();
  for (let page = 1; page <= 5; ++page) {
    await desk.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await desk.page.locator(`tr[aria-rowindex="${page * 100 + 2}"]`).waitFor({ state: "attached" });
  }
  assert.ok((await rows.count()) < 200, "only the rows in sight are drawn");
  await desk.leave();
});
