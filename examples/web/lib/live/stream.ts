import { secondsToWait } from "../api/pauses";
import { sessionOver, sessions } from "../api/sessions";
import { makeStore } from "../store";
import { makeParser } from "./parse";
import type { LoggedEvent } from "../api";

/**
 * The stream of events. It is read with fetch, not with EventSource: that hides why it was refused,
 * and whether the line still lives, and can not go on where another one broke.
 */
export type Connection = {
  state: "connecting" | "live" | "lost" | "resting";
  /** When the server was last heard, in milliseconds of the epoch. */
  heardAt: number | null;
};

const SILENCE_MS = 40_000; // the server says something every 15 s
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

export const connection = makeStore<Connection>({ state: "connecting", heardAt: null });

type Handlers = {
  onEvent: (event: LoggedEvent) => void;
  /** `gap`: things may have happened that no event will tell of. */
  onOpen: (gap: boolean) => void;
};

type Ended = { waitMs: number } | "over";

/** How far the log was read; a stream that is begun again goes on there. */
let place: string | null = null;

/** Follows until told to stop; gives what stops it. */
export function follow(handlers: Handlers): () => void {
  const stopped = new AbortController();
  void run(handlers, stopped.signal);
  return () => {
    stopped.abort();
    say("resting");
  };
}

async function run(handlers: Handlers, stopped: AbortSignal): Promise<void> {
  let failures = 0;
  const opened = () => {
    failures = 0;
    handlers.onOpen(place === null);
  };
  while (!stopped.aborted) {
    const ended = await readOnce(opened, handlers.onEvent, stopped);
    if (stopped.aborted || ended === "over") return;
    say("lost");
    const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
    await waitToTryAgain(Math.max(ended.waitMs, backoff * (0.75 + Math.random() / 2)), stopped);
  }
}

async function readOnce(
  onOpen: () => void,
  onEvent: (event: LoggedEvent) => void,
  stopped: AbortSignal,
): Promise<Ended> {
  const line = new AbortController();
  const cut = () => line.abort();
  stopped.addEventListener("abort", cut);
  addEventListener("offline", cut);
  let silence = setTimeout(cut, SILENCE_MS);
  try {
    const headers: HeadersInit = place === null ? {} : { "Last-Event-ID": place };
    const answer = await fetch("/api/v1/events", { headers, signal: line.signal, cache: "no-store" });
    if (!answer.ok || !answer.body) return await whatNow(answer);
    onOpen();
    const parse = makeParser((message) => {
      if (message.id) place = message.id;
      if (message.data) onEvent(JSON.parse(message.data) as LoggedEvent);
    });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      say("live");
      const { done, value } = await reader.read();
      if (done) return { waitMs: 0 };
      clearTimeout(silence);
      silence = setTimeout(cut, SILENCE_MS);
      parse(value);
    }
  } catch {
    return { waitMs: 0 };
  } finally {
    clearTimeout(silence);
    stopped.removeEventListener("abort", cut);
    removeEventListener("offline", cut);
  }
}

async function whatNow(answer: Response): Promise<Ended> {
  if (answer.status === 401) {
    const session = await sessions.refresh();
    if (session === "over") sessionOver.set(true);
    return session === "over" ? "over" : { waitMs: 0 };
  }
  if (answer.status === 429 || answer.status === 503) {
    return { waitMs: secondsToWait(answer.headers.get("Retry-After"), Date.now()) * 1000 };
  }
  return { waitMs: LONGEST_WAIT_MS };
}

function say(state: Connection["state"]) {
  const before = connection.get();
  const heardAt = state === "live" ? Date.now() : before.heardAt;
  connection.set({ state, heardAt });
}

/** Shorter when the network is back, or when somebody looks again. */
function waitToTryAgain(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      removeEventListener("focus", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    addEventListener("focus", done);
    stopped.addEventListener("abort", done, { once: true });
  });
}
