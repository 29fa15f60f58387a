// A server of its own for each test, with the page and the demo schedule, on a free port and in a folder of its own.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const PROGRAM = process.env.AIRCARGO_SERVER ?? "build/ci/bin/aircargo-server";
export const PASSWORD = "a sentence is a good one";

/** Without settings that somebody exported for a server of their own. */
export function environment(more) {
  const mine = Object.entries(process.env).filter(([name]) => !/^(AIRCARGO_|PG)/.test(name));
  return { ...Object.fromEntries(mine), ...more };
}

const SETTINGS = {
  AIRCARGO_RATE_LIMIT: "off",
  AIRCARGO_LOGIN_RATE_LIMIT: "off",
  AIRCARGO_JWT_SECRET: "the same after the server was started again",
};

export class Server {
  static async start(...flags) {
    const server = new Server(flags);
    await server.start();
    return server;
  }

  constructor(flags) {
    this.flags = flags;
    this.folder = mkdtempSync(join(tmpdir(), "aircargo-web-"));
    this.store = `sqlite:${join(this.folder, "aircargo.db")}`;
    this.port = 0;
  }

  /** On the port of before, when it ran before. */
  async start() {
    const command = ["serve", "--listen", `127.0.0.1:${this.port}`, "--store", this.store, "--demo-schedule"];
    this.process = spawn(PROGRAM, [...command, "--page", process.env.AIRCARGO_WEB_OUT, ...this.flags], {
      env: environment(SETTINGS),
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    this.process.stderr.on("data", (text) => (log += text));
    for await (const line of createInterface({ input: this.process.stdout })) {
      const port = /^listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (!port) continue;
      this.port = Number(port);
      return;
    }
    throw new Error(`the server did not start:\n${log}`);
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async kill() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await gone;
  }

  async stop() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  addAccount(name, role) {
    const done = spawnSync(PROGRAM, ["user", "add", name, "--role", role, "--store", this.store], {
      env: environment({ AIRCARGO_PASSWORD: PASSWORD }),
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(`no account ${name}: ${done.stderr}`);
  }
}
