import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { limits } from "./limits";

type Schema = { properties: Record<string, Record<string, unknown>>; pattern?: string; maxLength?: number };
const file = new URL("../../../docs/openapi.json", import.meta.url);
const { schemas } = (JSON.parse(readFileSync(file, "utf8")) as { components: { schemas: Record<string, Schema> } }).components;
const member = (schema: string, name: string) => schemas[schema]?.properties[name] ?? {};

test("pieces, weight and flights of a booking are those of the server", () => {
  expect(member("NewBooking", "pieces")).toMatchObject({ minimum: limits.pieces.min, maximum: limits.pieces.max });
  expect(member("NewBooking", "weight_kg")).toMatchObject({ minimum: limits.weightKg.min, maximum: limits.weightKg.max });
  expect(member("NewBooking", "flight_ids")).toMatchObject({ maxItems: limits.flightsOfBooking });
  expect(schemas.Notes).toMatchObject({ maxLength: limits.notesBytes });
});

test.each([
  ["AccountNameIn", limits.accountName],
  ["AirportCodeIn", limits.airportCode],
  ["BookingRef", limits.bookingRef],
  ["RefPrefix", limits.refPrefix],
  ["AirlineDesignator", limits.airline],
])("the pattern of %s is that of the server", (name, pattern) => {
  expect(schemas[name]?.pattern).toBe(pattern.source);
});

test("lengths of passwords, keys and webhooks are those of the server", () => {
  expect(member("NewAccount", "password")).toMatchObject({ minLength: limits.password.min, maxLength: limits.password.max });
  expect(member("NewApiKey", "name")).toMatchObject({ maxLength: limits.apiKeyName });
  expect(member("NewWebhook", "url").maxLength).toBe(limits.webhookUrl.length);
  expect(String(member("NewWebhook", "url").pattern).replaceAll("/", "\\/")).toBe(limits.webhookUrl.pattern.source);
  expect(member("NewWebhook", "airports")).toMatchObject({ maxItems: limits.webhookAirports });
});

test("limits of a search and of a batch are those of the server", () => {
  expect(member("RouteSearch", "via")).toMatchObject({ maxItems: limits.searchedAirports });
  expect(member("RouteSearch", "airlines")).toMatchObject({ maxItems: limits.searchedAirlines });
  expect(member("RouteSearch", "longest_minutes")).toMatchObject({ maximum: limits.longestMinutes.max });
  expect(member("RouteSearch", "min_connection_minutes")).toMatchObject({ maximum: limits.connectionMinutes.max });
  expect(member("BookingChanges", "entries")).toMatchObject({ maxItems: limits.batch });
});
