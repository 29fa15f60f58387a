"use client";

import dynamic from "next/dynamic";
import { useEffect, useSyncExternalStore } from "react";
import { patiently, whenIdle } from "@/lib/patient-import";
import { makeStore } from "@/lib/store";
import { Boundary, NotLoaded } from "@/ui/boundary";

const open = makeStore(false);
const load = () => import("./palette").then((module) => module.Palette);
const Palette = dynamic(() => patiently(load), { ssr: false });

export const openPalette = () => open.set(true);

/** Listens for Ctrl K, or a slash outside of fields; the palette itself is loaded when there is time. */
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
  useEffect(() => whenIdle(() => void load().catch(() => undefined)), []);
  if (!isOpen) return null;
  return (
    <Boundary fallback={<NotLoaded />}>
      <Palette onClose={() => open.set(false)} />
    </Boundary>
  );
}

function asksForPalette(event: KeyboardEvent): boolean {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return true;
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
  return event.key === "/" && !typing;
}
