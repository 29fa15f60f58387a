// A session that ends while somebody works leads back to where they were.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk, openBrowser, refusedWith, until } from "./desk.mjs";
import { PASSWORD, Server } from "./server.mjs";

test("when the session is over, signing in leads back to the place, with what was typed", async (t) => {
  // It can not be renewed after the first second, so it ends with its token.
  const server = await Server.start("--token-time", "10", "--refresh-time", "1");
  t.after(() => server.stop());
  server.addAccount("ada", "agent");
  const browser = await openBrowser();
  t.after(() => browser.close());
  const desk = await Desk.open(browser, server, { expected: [refusedWith(401)] });

  await desk.signIn("ada", "/bookings/new/");
  await desk.chooseAirport("From", "DEL", "DEL");
  await desk.chooseAirport("To", "BLR", "BLR");
  await desk.field("Pieces").fill("7");
  await desk.field("Gross weight, kg").fill("120");
  await until(async () => (await desk.context.request.get(`${server.url}/api/v1/auth/session`)).status() === 401);
  await desk.press("Book");
  const over = desk.dialog("Your session is over");
  await over.waitFor();
  await desk.field("Password", over).fill(PASSWORD);
  await desk.press("Sign in", over);
  await over.waitFor({ state: "detached" });
  assert.equal(new URL(desk.page.url()).pathname, "/bookings/new/");
  assert.equal(await desk.field("Pieces").inputValue(), "7");
  await desk.leave();
});

test("who comes by an address and is not signed in is there after signing in", async (t) => {
  const server = await Server.start();
  t.after(() => server.stop());
  server.addAccount("ada", "agent");
  const browser = await openBrowser();
  t.after(() => browser.close());
  const desk = await Desk.open(browser, server);

  await desk.signIn("ada", "/routes/?from=DEL&to=BLR");
  await desk.heading("Routes").waitFor();
  assert.equal(await desk.page.getByRole("combobox", { name: "From", exact: true }).inputValue(), "DEL");
  await desk.press("Sign out");
  await desk.heading("Sign in").waitFor();
  await desk.leave();
});
