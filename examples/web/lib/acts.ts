import type { Act, Booking, BookingStatus } from "./api";

/** What the life of a booking allows: the table of the server (docs/architecture.md). */
export const acts: readonly Act[] = ["depart", "arrive", "deliver", "cancel"];

const allowed: Record<BookingStatus, readonly Act[]> = {
  BOOKED: ["depart", "cancel"],
  DEPARTED: ["depart", "arrive", "cancel"],
  ARRIVED: ["deliver"],
  DELIVERED: [],
  CANCELLED: [],
};

/** By status alone, as far as a list can tell. */
export function mayBeAllowed(status: BookingStatus, act: Act): boolean {
  return allowed[status].includes(act);
}

/** What flies can not depart, and what stands at a transfer does not arrive. What comes next is first. */
export function allowedActs(booking: Booking): Act[] {
  const stands = booking.location !== undefined;
  const possible = allowed[booking.status].filter((act) => {
    if (booking.status !== "DEPARTED") return true;
    if (act === "depart") return stands;
    return act !== "arrive" || !stands;
  });
  const next = booking.next_activity?.act;
  return [...possible].sort((a, b) => Number(b === next) - Number(a === next));
}
