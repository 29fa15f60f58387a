// A browser at a desk: who sits there, what is done on the page, and what the browser complains about meanwhile.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PASSWORD } from "./server.mjs";

const require = createRequire(`${process.env.AIRCARGO_WEB_PACKAGES}/package.json`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PATIENCE_MS = 60_000; // only a broken page takes that long, even on a busy machine

export function openBrowser() {
  // The sandbox of Chromium does not start as root; nothing but the page under test is opened.
  const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: "/usr/bin/chromium", args });
}

/** What the browser says by itself of an answer that the page knows how to take. */
export const refusedWith = (status) => new RegExp(`^Failed to load resource: .* status of ${status} `);
const NOBODY_SIGNED_IN = /^Failed to load resource: .* status of 401 .*\/api\/v1\/auth\/session/;

/** Until it holds: for what no element of the page shows. */
export async function until(condition) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `never: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A browser context of its own, with cookies of its own, and one page in it. */
export class Desk {
  static async open(browser, server, { expected = [], ...options } = {}) {
    const context = await browser.newContext({ reducedMotion: "reduce", timezoneId: "Asia/Kolkata", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    return new Desk(context, page, server, [NOBODY_SIGNED_IN, ...expected]);
  }

  constructor(context, page, server, expected) {
    Object.assign(this, { context, page, server, expected, complaints: [] });
    page.on("console", (message) => {
      if (message.type() === "error") this.hear(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.hear(String(error.stack)));
  }

  /** Errors of scripts and breaches of the content policy come by the console too. */
  hear(complaint) {
    if (!this.expected.some((each) => each.test(complaint))) this.complaints.push(complaint);
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.complaints, [], "nothing went wrong that the browser knows of");
  }

  go(path) {
    return this.page.goto(this.server.url + path);
  }

  button(name, within = this.page) {
    return within.getByRole("button", { name, exact: true });
  }

  field(name, within = this.page) {
    return within.getByLabel(name);
  }

  heading(text) {
    return this.page.getByRole("heading", { level: 1 }).filter({ hasText: text });
  }

  async press(name, within) {
    await this.button(name, within).click();
  }

  async register(name, path = "/") {
    await this.go(path);
    await this.press("Create account");
    await this.heading("Create account").waitFor();
    await this.sendCredentials(name, "Create account");
  }

  async signIn(name, path = "/") {
    await this.go(path);
    await this.heading("Sign in").waitFor();
    await this.sendCredentials(name, "Sign in");
  }

  async sendCredentials(name, button) {
    const form = this.page.locator("form");
    await this.field("Name", form).fill(name);
    await this.field("Password", form).fill(PASSWORD);
    await this.press(button, form);
    await this.page.getByRole("navigation", { name: "Main" }).waitFor();
  }

  async chooseAirport(label, text, code) {
    await this.page.getByRole("combobox", { name: label, exact: true }).fill(text);
    await this.page.getByRole("option", { name: code }).first().click();
  }

  /** Fills in what is left of a new booking and sends it; gives its reference. */
  async book({ pieces = "5", weight = "120" } = {}) {
    await this.field("Pieces").fill(pieces);
    await this.field("Gross weight, kg").fill(weight);
    await this.press("Book");
    return this.bookedRef();
  }

  async bookedRef() {
    await this.page.waitForURL(/\/booking\/\?ref=/);
    return new URL(this.page.url()).searchParams.get("ref");
  }

  /** Books without flights. */
  async bookPlain(origin = "DEL", destination = "BLR") {
    await this.go("/bookings/new/");
    await this.chooseAirport("From", origin, origin);
    await this.chooseAirport("To", destination, destination);
    return this.book();
  }

  async look(ref) {
    await this.go(`/booking/?ref=${ref}`);
    await this.heading(ref).waitFor();
  }

  /** The booking is shown with this status, and its timeline tells of so many events. */
  async sees(status, events) {
    await this.heading(status).waitFor();
    const told = this.page.getByRole("list", { name: "Timeline" }).getByRole("listitem").filter({ hasNotText: "Next: " });
    await told.nth(events - 1).waitFor();
    assert.equal(await told.count(), events);
  }

  dialog(title) {
    return this.page.getByRole("dialog", { name: title });
  }

  /** The act that stands on a button of the booking, to its end. */
  async act(button, title, confirm) {
    await this.press(button);
    await this.press(confirm, this.dialog(title));
    await this.dialog(title).waitFor({ state: "hidden" });
  }

  /** Until whatever is loading is there. */
  async settled() {
    await this.page.getByRole("heading", { level: 1 }).waitFor();
    await until(async () => (await this.page.getByRole("status", { name: "Loading" }).count()) === 0);
  }

  /** What axe finds wrong, as rule and element. */
  async accessibilityFaults() {
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run(document));
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`));
  }
}
