"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { useConnection } from "./live/live";

/** A stream that ends and begins anew within this time is no news. */
const GRACE_MS = 2500;

export type Freshness = "connecting" | "live" | "lost" | "offline" | "resting";

/** Whether what the page shows is what is: at once when offline, otherwise after a short grace. */
export function useFreshness(): Freshness {
  const { state } = useConnection();
  const online = useSyncExternalStore(watchNetwork, isOnline, () => true);
  const lostForLong = useLasting(state === "lost", GRACE_MS);
  if (!online) return "offline";
  if (state === "lost") return lostForLong ? "lost" : "live";
  return state;
}

function useLasting(on: boolean, ms: number): boolean {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!on) return;
    const timer = setTimeout(() => setLasted(true), ms);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [on, ms]);
  return on && lasted;
}

const isOnline = () => navigator.onLine;

function watchNetwork(listener: () => void) {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}
