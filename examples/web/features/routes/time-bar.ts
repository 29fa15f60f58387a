import type { Itinerary } from "@/lib/api";
import { spanOf } from "./search";

/** Itineraries on one axis of time, in shares of its length. */
export type Axis = { from: number; to: number; ticks: number[] };

const HOUR = 3_600_000;
const STEPS = [1, 2, 3, 6, 12, 24, 48];
const MOST_TICKS = 7;

/** From a full hour before the first departure to one behind the last arrival. */
export function axisOf(itineraries: readonly Itinerary[]): Axis {
  const spans = itineraries.map(spanOf);
  const from = Math.floor(Math.min(...spans.map((span) => span.from)) / HOUR) * HOUR;
  const to = Math.ceil(Math.max(...spans.map((span) => span.to)) / HOUR) * HOUR;
  const step = (STEPS.find((hours) => (to - from) / HOUR / hours <= MOST_TICKS) ?? 72) * HOUR;
  const ticks = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) ticks.push(at);
  return { from, to, ticks };
}

export function shareOf(axis: Axis, at: number): number {
  return (at - axis.from) / Math.max(1, axis.to - axis.from);
}

/** What a bar is made of: flights, and the time on the ground between them. */
export type Part = { kind: "flight" | "ground"; name: string; left: number; width: number };

export function partsOf(axis: Axis, itinerary: Itinerary): Part[] {
  return itinerary.flights.flatMap((flight, at) => {
    const left = shareOf(axis, Date.parse(flight.departure_datetime));
    const right = shareOf(axis, Date.parse(flight.arrival_datetime));
    const part: Part = { kind: "flight", name: flight.flight_number, left, width: right - left };
    const next = itinerary.flights[at + 1];
    if (!next) return [part];
    const onward = shareOf(axis, Date.parse(next.departure_datetime));
    return [part, { kind: "ground" as const, name: flight.destination, left: right, width: onward - right }];
  });
}
