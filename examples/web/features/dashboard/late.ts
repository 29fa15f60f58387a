import type { Booking } from "@/lib/api";

/** A shipment whose next act was due, and by how much it is late. */
export type Late = { booking: Booking; minutes: number };

/** So much is not worth a call. */
const GRACE_MINUTES = 15;

export function lateAmong(bookings: readonly Booking[], now: number): Late[] {
  return bookings
    .flatMap((booking) => {
      const due = booking.next_activity?.scheduled_at;
      if (due === undefined) return [];
      return [{ booking, minutes: Math.floor((now - Date.parse(due)) / 60_000) }];
    })
    .filter(({ minutes }) => minutes >= GRACE_MINUTES)
    .sort((a, b) => b.minutes - a.minutes);
}
