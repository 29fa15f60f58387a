import type { Booking, Leg } from "@/lib/api";
import type { MapLane } from "@/ui/map";
import { flownShare } from "@/ui/map/projection";

/** How far a booking has come on its itinerary. */
export type Progress = { legs: readonly Leg[]; flown: number; flying: boolean };

/** Legs before the one that comes next, or is flown, are behind. */
export function progressOf(booking: Booking): Progress {
  const legs = booking.legs ?? [];
  const flying = booking.status === "DEPARTED" && booking.location === undefined;
  if (booking.status === "ARRIVED" || booking.status === "DELIVERED") return { legs, flown: legs.length, flying };
  if (booking.status === "BOOKED") return { legs, flown: 0, flying };
  return { legs, flown: flownBefore(booking, legs, flying), flying };
}

/** What it departs with next is ahead; what it arrives by next, it is on. */
function flownBefore(booking: Booking, legs: readonly Leg[], flying: boolean): number {
  const next = booking.next_activity;
  const isNext = (leg: Leg) => leg.flight_id === next?.flight_id;
  const at = legs.findIndex(isNext);
  if (at >= 0) return at;
  const here = flying ? undefined : booking.location;
  const reached = legs.findIndex((leg) => leg.destination === here);
  return reached < 0 ? 0 : reached + 1;
}

/** What the map shows: the itinerary, or the way from origin to destination where there is none. */
export function lanesOf(booking: Booking, now: number): MapLane[] {
  const { legs, flown, flying } = progressOf(booking);
  if (legs.length === 0) {
    const done = booking.status === "ARRIVED" || booking.status === "DELIVERED";
    return [{ from: booking.origin, to: booking.destination, look: done ? "flown" : "planned" }];
  }
  return legs.map((leg, at) => ({
    from: leg.origin,
    to: leg.destination,
    look: at < flown ? "flown" : "planned",
    share: flying && at === flown ? flownShare(leg.departure_datetime, leg.arrival_datetime, now) : undefined,
  }));
}
