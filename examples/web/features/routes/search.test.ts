import { expect, test } from "vitest";
import { overBombay } from "@/lib/test-data";
import { bookingAddress, fromParams, idOf, noSearch, spanOf, toBody, toParams } from "./search";
import { axisOf, partsOf } from "./time-bar";

const search = { ...noSearch, from: "del", to: "BLR", date: "2026-12-01" };
const itinerary = { flights: overBombay, transit_airport: "BOM", connection_minutes: 180, duration_minutes: 420 };

test("a search goes through the address and back", () => {
  const refined = { ...search, via: "BOM, HYD", hours: "24", stops: "2" as const };
  expect(fromParams(toParams(refined))).toEqual(refined);
});

test("a whole search is asked as the API takes it", () => {
  const asked = toBody({ ...search, via: "bom, hyd", after: "2026-12-01T06:00", hours: "24", connection: "90" });
  expect(asked).toMatchObject({
    origin: "DEL",
    destination: "BLR",
    departure_date: "2026-12-01",
    max_stops: 1,
    order: "arrival",
    via: ["BOM", "HYD"],
    earliest_departure: "2026-12-01T06:00:00Z",
    longest_minutes: 1440,
    min_connection_minutes: 90,
  });
});

test.each([
  ["without a destination", { to: "" }],
  ["to where it begins", { to: "DEL" }],
  ["through what is no airport", { via: "BOMBAY" }],
  ["with an order that there is not", { order: "price" as "arrival" }],
])("a search %s is not asked", (_, change) => {
  expect(toBody({ ...search, ...change })).toBeNull();
});

test("an itinerary has a name, a span and an address to book it", () => {
  expect(idOf(itinerary)).toBe("1-2");
  expect(spanOf(itinerary).to - spanOf(itinerary).from).toBe(7 * 3_600_000);
  expect(bookingAddress(itinerary)).toBe("/bookings/new/?flights=1,2");
});

test("bars lie on one axis, flights and the ground between them", () => {
  const axis = axisOf([itinerary]);
  const parts = partsOf(axis, itinerary);
  expect(parts.map((part) => [part.kind, part.name])).toEqual([
    ["flight", "AI1"],
    ["ground", "BOM"],
    ["flight", "AI2"],
  ]);
  expect(parts[0]?.left).toBe(0);
  expect((parts[2]?.left ?? 0) + (parts[2]?.width ?? 0)).toBeCloseTo(1);
  expect(axis.ticks.length).toBeLessThanOrEqual(8);
});
