import type { QueryClient } from "@tanstack/react-query";
import { bookings, type Act, type Booking, type BookingChange } from "@/lib/api";
import { mayBeAllowed } from "@/lib/acts";
import { limits } from "@/lib/limits";
import { replaceInLists } from "@/lib/live/apply";
import { texts } from "@/lib/texts";
import { stopAhead } from "../booking/act-form";

/** One act on many bookings at once. */
export type Outcome = { done: Booking[]; refused: { ref: string; why: string }[] };

export function split(selected: readonly Booking[], act: Act): { able: Booking[]; unable: Booking[] } {
  const able: Booking[] = [];
  const unable: Booking[] = [];
  for (const booking of selected) (mayBeAllowed(booking.status, act) ? able : unable).push(booking);
  return { able, unable };
}

/** Each only while it is as it was seen; in as many requests as it takes. */
export async function actOnMany(
  able: readonly Booking[],
  act: Act,
  notes: string,
  keyOf: (entries: BookingChange[]) => string,
): Promise<Outcome> {
  const outcome: Outcome = { done: [], refused: [] };
  const entries = await Promise.all(able.map((booking) => entryOf(booking, act, notes)));
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

async function entryOf(seen: Booking, act: Act, notes: string): Promise<BookingChange> {
  const { ref_id, revision } = seen;
  const booking = act === "arrive" && mayStopOver(seen) ? await bookings.find(ref_id) : seen;
  return { ref_id, act, if_revision: revision, location: stopAhead(booking, act), notes: notes || undefined };
}

/** Of a row that an event moved it is not known what comes next. */
function mayStopOver({ next_activity, flight_ids }: Booking): boolean {
  return next_activity === undefined && flight_ids.length > 1;
}

export function showOutcome(client: QueryClient, { done }: Outcome): void {
  replaceInLists(client, new Map(done.map((booking) => [booking.ref_id, booking])));
}
