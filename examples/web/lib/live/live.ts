"use client";

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import type { LoggedEvent } from "../api";
import { keys } from "../keys";
import { makeStore } from "../store";
import { applyEvents } from "./apply";
import { connection, follow, type Connection } from "./stream";

/** The newest events first, for the live feed. */
export const feed = makeStore<readonly LoggedEvent[]>([]);

const FEED_LENGTH = 60;
const GATHER_MS = 200; // so that a busy minute does not draw the page for each event
const REST_AFTER_MS = 60_000; // a browser has few lines to one server, and tabs that nobody looks at need none

/** Keeps the page up to date while it is shown. Once, in the frame of all pages. */
export function useLiveUpdates(enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => (enabled ? followWhileShown(client) : undefined), [client, enabled]);
}

export function useConnection(): Connection {
  return useSyncExternalStore(connection.subscribe, connection.get, connection.get);
}

export function useFeed(): readonly LoggedEvent[] {
  return useSyncExternalStore(feed.subscribe, feed.get, feed.get);
}

function followWhileShown(client: QueryClient): () => void {
  let stop: (() => void) | null = null;
  let resting: ReturnType<typeof setTimeout> | undefined;
  const start = () => {
    clearTimeout(resting);
    stop ??= follow(handlers(client));
  };
  const end = () => {
    stop?.();
    stop = null;
  };
  const onVisibility = () => {
    if (document.visibilityState === "visible") start();
    else resting = setTimeout(end, REST_AFTER_MS);
  };
  document.addEventListener("visibilitychange", onVisibility);
  start();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    clearTimeout(resting);
    end();
  };
}

function handlers(client: QueryClient) {
  let gathered: LoggedEvent[] = [];
  const pass = () => {
    const events = gathered;
    gathered = [];
    applyEvents(client, events);
    feed.set([...events.reverse(), ...feed.get()].slice(0, FEED_LENGTH));
  };
  return {
    onEvent(event: LoggedEvent) {
      if (gathered.length === 0) setTimeout(pass, GATHER_MS);
      gathered.push(event);
    },
    onOpen(gap: boolean) {
      if (gap) refetchOlderThanNow(client);
    },
  };
}

/** What was read before the stream began may have missed something in between. */
function refetchOlderThanNow(client: QueryClient) {
  for (const queryKey of [["booking"], ["history"], keys.bookings]) {
    void client.invalidateQueries({ queryKey, predicate: (query) => query.state.dataUpdatedAt > 0 });
  }
}
