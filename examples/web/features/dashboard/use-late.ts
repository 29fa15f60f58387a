"use client";

import { useQueries } from "@tanstack/react-query";
import { bookings, type BookingStatus } from "@/lib/api";
import { keys } from "@/lib/keys";
import { useFeed } from "@/lib/live/live";
import { lateAmong } from "./late";

/** Those that are open for longest are looked at: what is late is among them. */
const LOOKED_AT = 500;
const open: readonly BookingStatus[] = ["BOOKED", "DEPARTED"];

export function useLate(now: number) {
  const moved = new Map(useFeed().map((event) => [event.ref_id, event.seq]).reverse() as [string, number][]);
  return useQueries({
    queries: open.map((status) => ({
      queryKey: [...keys.bookings, "open", status],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        bookings.list({ status, sort: "created_at", page_size: LOOKED_AT }, signal),
      staleTime: 15_000,
      refetchInterval: 60_000,
    })),
    combine: (answers) => ({
      error: answers.find((answer) => answer.isError && !answer.data)?.error ?? null,
      pending: answers.some((answer) => answer.isPending),
      /** Whether there are more open ones than were looked at. */
      partial: answers.some((answer) => answer.data?.next_cursor),
      late: lateAmong(
        answers.flatMap((answer) => answer.data?.items ?? []).filter((b) => (moved.get(b.ref_id) ?? 0) <= b.revision),
        now,
      ),
      retry: () => answers.forEach((answer) => void answer.refetch()),
    }),
  });
}
