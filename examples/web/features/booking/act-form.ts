import type { Act, Booking, Movement } from "@/lib/api";
import { bytes, limits } from "@/lib/limits";
import { texts } from "@/lib/texts";
import * as z from "@/lib/zod";

/** What can be said with an act; empty means as the itinerary has it. */
export const actSchema = z.object({
  location: z.string().check(z.refine((text) => text === "" || limits.airportCode.test(text), texts.checks.airport)),
  flight_id: z.string(),
  off_plan: z.boolean(),
  notes: z.string().check(z.refine((text) => bytes(text) <= limits.notesBytes, texts.checks.notes)),
});

export type ActValues = z.infer<typeof actSchema>;

export const noActValues: ActValues = { location: "", flight_id: "", off_plan: false, notes: "" };

/** The server takes of each act only what makes sense for it. */
export function bodyOf(booking: Booking, act: Act, values: ActValues): Movement {
  const notes = values.notes.trim() || undefined;
  if (act === "cancel") return { notes };
  const location = values.location.toUpperCase() || stopAhead(booking, act);
  const place = { location, off_plan: values.off_plan || undefined, notes };
  if (act === "deliver") return place;
  return { ...place, flight_id: values.flight_id ? Number(values.flight_id) : undefined };
}

/** Where it arrives next. It has to be told: an arrival without a place is the one at the destination. */
export function stopAhead({ next_activity: next }: Booking, act: Act): string | undefined {
  return act === "arrive" && next?.act === act ? next.location : undefined;
}

/** What is recorded when nothing else is said. */
export function planned(booking: Booking, act: Act): { location?: string; flight?: string } {
  const next = booking.next_activity;
  if (next?.act === act) return { location: next.location, flight: next.flight_number };
  if (act === "arrive" || act === "deliver") return { location: booking.destination };
  if (act === "depart") return { location: booking.location ?? booking.origin };
  return {};
}
