"use client";

import type { Booking } from "@/lib/api";
import { texts } from "@/lib/texts";
import { useAirports } from "@/lib/use-airport";
import { useNow } from "@/lib/use-now";
import { RouteMap } from "@/ui/map";
import { lanesOf } from "./progress";

export function BookingMap({ booking }: { booking: Booking }) {
  const now = useNow() ?? 0;
  const lanes = lanesOf(booking, now);
  const stops = [booking.origin, ...lanes.map((lane) => lane.to)];
  const airports = useAirports([...stops, booking.destination, booking.location ?? booking.origin]);
  return (
    <RouteMap
      lanes={lanes}
      airports={airports}
      here={booking.location}
      label={texts.booking.mapOf(stops.join(", "))}
      height={320}
    />
  );
}
