"use client";

import { useSyncExternalStore } from "react";

/** Clocks on the page that move together, one timer for each pace. */
type Ticker = { subscribe: (listener: () => void) => () => void; now: () => number };

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const found = tickers.get(everyMs);
  if (found) return found;
  const made = makeTicker(everyMs);
  tickers.set(everyMs, made);
  return made;
}

function makeTicker(everyMs: number): Ticker {
  const listeners = new Set<() => void>();
  const round = () => Math.floor(Date.now() / everyMs) * everyMs;
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(() => listeners.forEach((tell) => tell()), everyMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    now: round,
  };
}

/** Now, as it was at the last tick; null in a page that was made ahead. */
export function useNow(everyMs = 30_000): number | null {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore<number | null>(ticker.subscribe, ticker.now, () => null);
}
