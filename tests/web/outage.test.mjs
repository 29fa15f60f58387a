// The server is killed while the page is open, and comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk, openBrowser, refusedWith } from "./desk.mjs";
import { Server } from "./server.mjs";

const NO_SERVER = /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/;

test("a dead server is said to be so, and the page goes on when it is back", async (t) => {
  const server = await Server.start();
  t.after(() => server.stop());
  for (const name of ["ada", "bob"]) server.addAccount(name, "agent");
  const browser = await openBrowser();
  t.after(() => browser.close());
  const options = { expected: [NO_SERVER, refusedWith(503)] };
  const desk = await Desk.open(browser, server, options);
  await desk.signIn("ada");
  const ref = await desk.bookPlain();
  const state = desk.page.getByRole("banner").getByRole("status");
  await state.filter({ hasText: "Live" }).waitFor();
  await desk.page.getByRole("img", { name: /^Map of the route/ }).waitFor();
  await desk.page.evaluate(() => (globalThis.neverLoadedAnew = true));

  await server.kill();
  await state.filter({ hasText: "Reconnecting" }).waitFor();
  await desk.page.getByRole("alert").filter({ hasText: "What you see may be out of date." }).waitFor();
  await desk.heading("Booked").waitFor();
  await desk.press("Depart DEL");
  const dialog = desk.dialog(`Depart ${ref}`);
  await desk.field(/^Notes/, dialog).fill("two pallets");
  await desk.press("Record departure", dialog);
  await dialog.getByText("The server does not answer. Nothing was lost; try again.").waitFor();
  assert.equal(await desk.field(/^Notes/, dialog).inputValue(), "two pallets");

  await server.start();
  await state.filter({ hasText: "Live" }).waitFor();
  await desk.press("Record departure", dialog);
  await desk.sees("Departed", 2);
  await desk.page.getByRole("list", { name: "Timeline" }).getByText("two pallets").waitFor();

  const other = await Desk.open(browser, server);
  await other.signIn("bob");
  await other.look(ref);
  await other.act(/^Arrive/, `Arrive ${ref}`, "Record arrival");
  await desk.sees("Arrived", 3);
  assert.equal(await desk.page.evaluate(() => globalThis.neverLoadedAnew), true);
  await desk.leave();
  await other.leave();
});
