"use client";

import dynamic from "next/dynamic";
import { useEffect, useSyncExternalStore } from "react";
import { makeStore } from "@/lib/store";

const open = makeStore(false);
const Palette = dynamic(() => import("./palette").then((module) => module.Palette), { ssr: false });

export const openPalette = () => open.set(true);

/** Listens for Ctrl K, or a slash outside of fields; the palette itself is loaded when it is wanted. */
export function PaletteHost() {
  const isOpen = useSyncExternalStore(open.subscribe, open.get, () => false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!asksForPalette(event)) return;
      event.preventDefault();
      openPalette();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return isOpen ? <Palette onClose={() => open.set(false)} /> : null;
}

function asksForPalette(event: KeyboardEvent): boolean {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return true;
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
  return event.key === "/" && !typing;
}
