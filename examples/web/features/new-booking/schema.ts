import { airport, notes, wholeNumber } from "@/lib/checks";
import type { NewBooking } from "@/lib/api";
import { limits } from "@/lib/limits";
import { texts } from "@/lib/texts";
import * as z from "@/lib/zod";

/** A shipment as it is typed. */
export const bookingSchema = z
  .object({
    origin: airport,
    destination: airport,
    pieces: wholeNumber(limits.pieces),
    weight_kg: wholeNumber(limits.weightKg),
    notes,
    flight_ids: z.array(z.number()).check(z.maxLength(limits.flightsOfBooking)),
    date: z.string(),
  })
  .check(
    z.refine(({ origin, destination }) => origin !== destination, {
      path: ["destination"],
      message: texts.checks.sameAirport,
    }),
  );

export type BookingValues = z.input<typeof bookingSchema>;
export type CheckedBooking = z.output<typeof bookingSchema>;

export const noValues: BookingValues = {
  origin: "",
  destination: "",
  pieces: "",
  weight_kg: "",
  notes: "",
  flight_ids: [],
  date: "",
};

export function toBody({ date: _date, notes: text, flight_ids, ...rest }: CheckedBooking): NewBooking {
  return {
    ...rest,
    notes: text.trim() || undefined,
    flight_ids: flight_ids.length > 0 ? flight_ids : undefined,
  };
}
