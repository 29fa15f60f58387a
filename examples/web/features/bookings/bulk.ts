import type { QueryClient } from "@tanstack/react-query";
import { bookings, type Act, type Booking, type BookingChange } from "@/lib/api";
import { mayBeAllowed } from "@/lib/acts";
import { limits } from "@/lib/limits";
import { replaceInLists } from "@/lib/live/apply";
import { texts } from "@/lib/texts";

/** One act on many bookings at once. */
export type Outcome = { done: Booking[]; refused: { ref: string; why: string }[] };

export function split(selected: readonly Booking[], act: Act): { able: Booking[]; unable: Booking[] } {
  const able = selected.filter((booking) => mayBeAllowed(booking.status, act));
  return { able, unable: selected.filter((booking) => !able.includes(booking)) };
}

/** Each only while it is as it was seen; in as many requests as it takes. */
export async function actOnMany(
  able: readonly Booking[],
  act: Act,
  notes: string,
  keyOf: (entries: BookingChange[]) => string,
): Promise<Outcome> {
  const outcome: Outcome = { done: [], refused: [] };
  const entries = able.map((b) => ({ ref_id: b.ref_id, act, if_revision: b.revision, notes: notes || undefined }));
  for (let at = 0; at < entries.length; at += limits.batch) {
    const part = entries.slice(at, at + limits.batch);
    const { results } = await bookings.actOnMany(part, keyOf(part));
    results.forEach(({ booking, problem }, index) => {
      if (booking) outcome.done.push(booking);
      else outcome.refused.push({ ref: part[index]?.ref_id ?? "", why: problem?.detail ?? texts.failures.server });
    });
  }
  return outcome;
}

export function showOutcome(client: QueryClient, { done }: Outcome): void {
  replaceInLists(client, new Map(done.map((booking) => [booking.ref_id, booking])));
}
