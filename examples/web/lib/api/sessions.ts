import { makeStore } from "../store";

/**
 * The session lives in cookies that no script can read. All that is known of it here is whether it
 * still holds, and how to ask for more of it.
 */
type Refreshed = "good" | "over" | "unknown";

let refreshing: Promise<Refreshed> | null = null;

/** It was there, and ended while the page was open. */
export const sessionOver = makeStore(false);

export const sessions = {
  /** At most one at a time, whoever asks. `asked`: it is known that the present one does not hold. */
  refresh(asked = false): Promise<Refreshed> {
    refreshing ??= alone(asked ? refreshAtOnce : refreshOnce).finally(() => (refreshing = null));
    return refreshing;
  },
};

/** A refresh token is good once. Tabs share it, so they take turns, where the browser can do that. */
async function alone(task: () => Promise<Refreshed>): Promise<Refreshed> {
  const locks = navigator.locks as LockManager | undefined; // only where the page came safely
  return locks ? await locks.request("aircargo-session", task) : task();
}

async function refreshOnce(): Promise<Refreshed> {
  const now = await ask("GET", "/api/v1/auth/session");
  if (now !== "over") return now; // another tab was quicker, or the server is away
  return refreshAtOnce();
}

const refreshAtOnce = () => ask("POST", "/api/v1/auth/session/refresh");

async function ask(method: string, path: string): Promise<Refreshed> {
  try {
    const answer = await fetch(new URL(path, location.origin), { method, headers: { "X-Aircargo-Page": "1" } });
    if (answer.ok) return "good";
    return answer.status === 401 || answer.status === 403 ? "over" : "unknown";
  } catch {
    return "unknown";
  }
}
