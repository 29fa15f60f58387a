import { makeStore } from "../store";

/** Requests wait because the server asked for it. */
const running = new Set<{ until: number }>();

/** Until when, in milliseconds of the epoch; null while nothing waits. */
export const pausedUntil = makeStore<number | null>(null);

/** Gives what ends the pause. */
export function beginPause(until: number): () => void {
  const pause = { until };
  running.add(pause);
  tell();
  return () => {
    running.delete(pause);
    tell();
  };
}

function tell() {
  pausedUntil.set(running.size === 0 ? null : Math.max(...[...running].map((p) => p.until)));
}

/** Retry-After: seconds, or a date of HTTP. */
export function secondsToWait(field: string | null, now: number): number {
  if (field === null) return 1;
  const seconds = Number(field);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(field);
  return Number.isNaN(date) ? 1 : Math.max(0, Math.ceil((date - now) / 1000));
}
