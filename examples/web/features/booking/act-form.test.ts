import { expect, test } from "vitest";
import { aBooking } from "@/lib/test-data";
import { actSchema, bodyOf, noActValues, planned } from "./act-form";

const values = { location: "bom", flight_id: "7", off_plan: true, notes: " wet " };

test("each act sends only what the server takes of it", () => {
  expect(bodyOf(aBooking(), "depart", values)).toEqual({ location: "BOM", flight_id: 7, off_plan: true, notes: "wet" });
  expect(bodyOf(aBooking(), "deliver", values)).toEqual({ location: "BOM", off_plan: true, notes: "wet" });
  expect(bodyOf(aBooking(), "cancel", values)).toEqual({ notes: "wet" });
});

test("what is left empty is as planned", () => {
  expect(JSON.stringify(bodyOf(aBooking(), "depart", noActValues))).toBe("{}");
});

test("an arrival at a transfer is sent as one there, unless somebody says otherwise", () => {
  const booking = aBooking({ status: "DEPARTED", next_activity: { act: "arrive", location: "BOM" } });
  expect(bodyOf(booking, "arrive", noActValues)).toMatchObject({ location: "BOM" });
  expect(bodyOf(booking, "arrive", { ...noActValues, location: "goi" })).toMatchObject({ location: "GOI" });
});

test("notes are counted in bytes", () => {
  expect(actSchema.safeParse({ ...noActValues, notes: "ü".repeat(1000) }).success).toBe(true);
  expect(actSchema.safeParse({ ...noActValues, notes: "ü".repeat(1001) }).success).toBe(false);
});

test("says what will be recorded", () => {
  const next_activity = { act: "depart", location: "BOM", flight_number: "AI2" } as const;
  expect(planned(aBooking({ next_activity }), "depart")).toEqual({ location: "BOM", flight: "AI2" });
  expect(planned(aBooking({ status: "DEPARTED" }), "arrive")).toEqual({ location: "BLR" });
});
