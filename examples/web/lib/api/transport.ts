import { beginPause, secondsToWait } from "./pauses";
import { NoAnswer } from "./problem";
import { sessionOver, sessions } from "./sessions";

const LONGEST_WAIT_S = 65;
const MOST_WAITS = 3;

/**
 * Sends a request as the server of aircargo wants it: with the mark that only pages of its own can
 * set, once more after the session was refreshed, and later when it asks to come again later.
 */
export async function send(request: Request): Promise<Response> {
  if (request.method !== "GET") request.headers.set("X-Aircargo-Page", "1");
  const answer = await patiently(request);
  if (answer.status !== 401 || opensSession(request) || (await isWrongPassword(answer))) return answer;
  const session = await sessions.refresh();
  if (session === "good") return patiently(request);
  if (session === "over") sessionOver.set(true);
  return answer;
}

async function patiently(request: Request): Promise<Response> {
  for (let waits = 0; ; ++waits) {
    const answer = await once(request);
    if (answer.status !== 429 || waits === MOST_WAITS) return answer;
    const seconds = secondsToWait(answer.headers.get("Retry-After"), Date.now());
    if (seconds > LONGEST_WAIT_S) return answer;
    await pause(seconds, request.signal);
  }
}

async function once(request: Request): Promise<Response> {
  try {
    return await fetch(request.clone());
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new NoAnswer("no answer", { cause: error });
  }
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  const ms = Math.max(seconds, 0.25) * 1000;
  const end = beginPause(Date.now() + ms);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  }).finally(end);
}

function opensSession(request: Request): boolean {
  const path = new URL(request.url).pathname;
  return path.startsWith("/api/v1/auth/session") || path === "/api/v1/auth/register";
}

async function isWrongPassword(answer: Response): Promise<boolean> {
  const body = (await answer
    .clone()
    .json()
    .catch(() => null)) as { code?: string } | null;
  return body?.code === "invalid_credentials";
}
