"use client";

import { useRef, useState } from "react";
import { bookings, type Booking } from "@/lib/api";
import { limits } from "@/lib/limits";
import { notify } from "@/lib/notices";
import { texts } from "@/lib/texts";
import { isoDay } from "@/lib/time";
import { download, toCsv } from "./csv";
import { toQuery, type Filters } from "./filters";

type Export = { state: "none" } | { state: "running"; read: number } | { state: "failed"; error: unknown };

/** Reads all that the filters let through, page by page, and hands it over as one file. */
export function useExport(filters: Filters) {
  const [state, setState] = useState<Export>({ state: "none" });
  const running = useRef<AbortController | null>(null);
  const start = async () => {
    const stop = new AbortController();
    running.current = stop;
    setState({ state: "running", read: 0 });
    try {
      const all = await readAll(filters, stop.signal, (read) => setState({ state: "running", read }));
      save(all);
      setState({ state: "none" });
    } catch (error) {
      setState(stop.signal.aborted ? { state: "none" } : { state: "failed", error });
    }
  };
  return { export: state, start, stop: () => running.current?.abort() };
}

export function save(all: readonly Booking[]): void {
  download(`bookings-${isoDay(Date.now())}.csv`, toCsv(all));
  notify(texts.bookings.exported(all.length));
}

async function readAll(filters: Filters, signal: AbortSignal, onRead: (count: number) => void): Promise<Booking[]> {
  const query = { ...toQuery(filters), page_size: limits.page };
  const all: Booking[] = [];
  let cursor: string | undefined;
  do {
    const page = await bookings.list({ ...query, cursor }, signal);
    all.push(...page.items);
    onRead(all.length);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}
