import type { Booking, Flight, Leg, LoggedEvent } from "@/lib/api";

/** Things for tests, with what a test does not care about filled in. */
export function aBooking(parts: Partial<Booking> = {}): Booking {
  return {
    ref_id: "ACB12345",
    origin: "DEL",
    destination: "BLR",
    pieces: 3,
    weight_kg: 120,
    status: "BOOKED",
    location: "DEL",
    flight_ids: [],
    created_at: "2026-12-01T06:00:00Z",
    updated_at: "2026-12-01T06:00:00Z",
    revision: 1,
    ...parts,
  };
}

export function anEvent(parts: Partial<LoggedEvent> = {}): LoggedEvent {
  return {
    ref_id: "ACB12345",
    origin: "DEL",
    destination: "BLR",
    seq: 2,
    event_type: "DEPARTED",
    status: "DEPARTED",
    location: "DEL",
    created_at: "2026-12-01T07:00:00Z",
    ...parts,
  };
}

export function aFlight(id: number, from: string, to: string, departs: string, arrives: string): Flight {
  return {
    id,
    flight_number: `AI${id}`,
    airline_name: "Air India",
    origin: from,
    destination: to,
    departure_datetime: departs,
    arrival_datetime: arrives,
  };
}

export function aLeg(flight: Flight): Leg {
  const { id, flight_number, origin, destination, departure_datetime, arrival_datetime } = flight;
  return { flight_id: id, flight_number, origin, destination, departure_datetime, arrival_datetime };
}

export const overBombay = [
  aFlight(1, "DEL", "BOM", "2026-12-01T06:00:00Z", "2026-12-01T08:00:00Z"),
  aFlight(2, "BOM", "BLR", "2026-12-01T11:00:00Z", "2026-12-01T13:00:00Z"),
];
