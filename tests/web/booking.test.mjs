// The life of a booking at the desk, and what another desk sees of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desk, openBrowser, refusedWith } from "./desk.mjs";
import { Server } from "./server.mjs";

let server;
let browser;

before(async () => {
  server = await Server.start();
  for (const name of ["ada", "bob"]) server.addAccount(name, "agent");
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function desk(name, options) {
  const opened = await Desk.open(browser, server, options);
  await opened.signIn(name);
  return opened;
}

/** Two who look at the same new booking. */
async function twoDesks(options) {
  const [ada, bob] = [await desk("ada", options), await desk("bob", options)];
  const ref = await ada.bookPlain();
  await bob.look(ref);
  return { ada, bob, ref };
}

test("from registering to delivery by way of a transfer, and each step arrives live at another desk", async () => {
  const agent = await Desk.open(browser, server);
  await agent.register("carol");

  await agent.go("/routes/");
  await agent.chooseAirport("From", "LEJ", "LEJ");
  await agent.chooseAirport("To", "DEL", "DEL");
  await agent.press("Search");
  const link = agent.page.getByRole("region", { name: "With stops" }).getByRole("link", { name: /^Book this: / }).first();
  const [first, second] = (await link.getAttribute("aria-label")).replace("Book this: ", "").split(", ");
  await link.click();
  const ref = await agent.book();
  await agent.sees("Booked", 1);

  const watcher = await desk("bob");
  await watcher.look(ref);
  await watcher.sees("Booked", 1);
  await watcher.page.evaluate(() => (globalThis.neverLoadedAnew = true));
  const itinerary = await agent.page.getByRole("region", { name: "Itinerary" }).innerText();
  assert.match(itinerary, new RegExp(`${first}[^]*on the ground at [A-Z]{3}[^]*${second}`));
  const transfer = /on the ground at ([A-Z]{3})/.exec(itinerary)[1];

  const steps = [
    ["Depart LEJ", "Depart", "Record departure", "Departed"],
    [`Arrive ${transfer}`, "Arrive", "Record arrival", "Departed"],
    [`Depart ${transfer}`, "Depart", "Record departure", "Departed"],
    ["Arrive DEL", "Arrive", "Record arrival", "Arrived"],
    ["Deliver DEL", "Deliver", "Record delivery", "Delivered"],
  ];
  for (const [at, [button, act, confirm, status]] of steps.entries()) {
    await agent.act(button, `${act} ${ref}`, confirm);
    await agent.sees(status, at + 2);
    await watcher.sees(status, at + 2);
  }
  assert.equal(await watcher.page.evaluate(() => globalThis.neverLoadedAnew), true);
  await agent.leave();
  await watcher.leave();
});

test("a booking is cancelled only after it was confirmed", async () => {
  const agent = await desk("ada");
  const ref = await agent.bookPlain();
  await agent.act("Cancel", `Cancel ${ref}?`, "Keep booking");
  await agent.sees("Booked", 1);
  await agent.act("Cancel", `Cancel ${ref}?`, "Cancel booking");
  await agent.sees("Cancelled", 2);
  await agent.page.getByText("It was cancelled. Nothing more happens to it.").waitFor();
  await agent.leave();
});

test("what has arrived can not be cancelled, and the page says why", async () => {
  const agent = await desk("ada");
  const ref = await agent.bookPlain();
  await agent.act("Depart DEL", `Depart ${ref}`, "Record departure");
  await agent.sees("Departed", 2);
  await agent.act(/^Arrive/, `Arrive ${ref}`, "Record arrival");
  await agent.sees("Arrived", 3);
  await agent.page.getByText("It can not be cancelled any more: it has arrived.").waitFor();
  assert.equal(await agent.button("Cancel").count(), 0);
  await agent.leave();
});

test("who decided on an old state sees what happened meanwhile, and may still do it", async () => {
  const { ada, bob, ref } = await twoDesks({ expected: [refusedWith(412)] });
  await ada.press("Cancel");
  await bob.act("Depart DEL", `Depart ${ref}`, "Record departure");
  await ada.heading("Departed").waitFor();

  await ada.press("Cancel booking", ada.dialog(`Cancel ${ref}?`));
  const conflict = ada.dialog(`${ref} has changed`);
  await conflict.getByText("Your act (cancel) was not recorded.").waitFor();
  await conflict.getByRole("listitem").filter({ hasText: "Departed" }).filter({ hasText: "by bob" }).waitFor();
  await bob.sees("Departed", 2);

  await ada.press("Still cancel", conflict);
  await ada.press("Cancel booking", ada.dialog(`Cancel ${ref}?`));
  await ada.sees("Cancelled", 3);
  await bob.sees("Cancelled", 3);
  await ada.leave();
  await bob.leave();
});

test("who decided on an old state is told when it is not possible any more", async () => {
  const { ada, bob, ref } = await twoDesks({ expected: [refusedWith(412)] });
  await ada.press("Cancel");
  await bob.act("Depart DEL", `Depart ${ref}`, "Record departure");
  await bob.act(/^Arrive/, `Arrive ${ref}`, "Record arrival");
  await ada.heading("Arrived").waitFor();

  await ada.press("Cancel booking", ada.dialog(`Cancel ${ref}?`));
  const conflict = ada.dialog(`${ref} has changed`);
  await conflict.getByText("As it stands now, this act (cancel) is not possible any more.").waitFor();
  await ada.press("Leave it as it is", conflict);
  await ada.sees("Arrived", 3);
  await ada.leave();
  await bob.leave();
});
