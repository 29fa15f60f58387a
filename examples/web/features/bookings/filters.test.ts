import { expect, test } from "vitest";
import { aBooking, anEvent } from "@/lib/test-data";
import { fromParams, isFiltered, isNewFor, isOverdue, noFilters, toParams, toQuery } from "./filters";

test("filters go through the address and back", () => {
  const filters = { ...noFilters, status: "ARRIVED", origin: "DEL", from: "2026-12-01", sort: "created_at" } as const;
  expect(fromParams(toParams(filters))).toEqual(filters);
  expect(toParams(noFilters).toString()).toBe("");
});

test("what makes no sense in an address is left out", () => {
  const params = new URLSearchParams("status=LOST&origin=DELHI&from=yesterday&sort=weight&ref=12");
  expect(fromParams(params)).toEqual(noFilters);
});

test("days are UTC days, the last one included", () => {
  const query = toQuery({ ...noFilters, from: "2026-12-01", to: "2026-12-31" });
  expect(query).toMatchObject({ created_from: "2026-12-01T00:00:00Z", created_to: "2027-01-01T00:00:00Z" });
});

test("the beginning of a reference comes in its own order", () => {
  expect(toQuery({ ...noFilters, ref: "ACB1" })).toMatchObject({ ref_prefix: "ACB1", sort: "ref_id" });
});

test("an order alone is no filter", () => {
  expect(isFiltered({ ...noFilters, sort: "ref_id" })).toBe(false);
  expect(isFiltered({ ...noFilters, destination: "BLR" })).toBe(true);
});

test("only new bookings that match are told of", () => {
  const booked = anEvent({ event_type: "BOOKED", status: "BOOKED", seq: 1 });
  expect(isNewFor(noFilters, booked)).toBe(true);
  expect(isNewFor(noFilters, anEvent())).toBe(false);
  expect(isNewFor({ ...noFilters, origin: "FRA" }, booked)).toBe(false);
  expect(isNewFor({ ...noFilters, status: "DELIVERED" }, booked)).toBe(false);
});

test("overdue is what was due before now", () => {
  const next_activity = { act: "depart", location: "DEL", scheduled_at: "2026-12-01T06:00:00Z" } as const;
  expect(isOverdue(aBooking({ next_activity }), Date.parse("2026-12-01T06:00:01Z"))).toBe(true);
  expect(isOverdue(aBooking({ next_activity }), Date.parse("2026-12-01T06:00:00Z"))).toBe(false);
  expect(isOverdue(aBooking(), Date.now())).toBe(false);
});
