"use client";

import { useSyncExternalStore } from "react";
import { missingScripts } from "@/lib/missing-scripts";
import { NotLoaded } from "./boundary";
import { Loading } from "./states";

/** Stands for a page until its scripts are there, and says so when they do not come. */
export function LoadingPage({ lines }: { lines: number }) {
  const missing = useSyncExternalStore(missingScripts.subscribe, missingScripts.get, () => 0);
  return missing > 0 ? <NotLoaded /> : <Loading lines={lines} />;
}
