import { expect, test } from "vitest";
import { allowedActs } from "./acts";
import { aBooking } from "./test-data";

test.each([
  ["BOOKED", "DEL", ["depart", "cancel"]],
  ["DEPARTED", undefined, ["arrive", "cancel"]],
  ["DEPARTED", "BOM", ["depart", "cancel"]],
  ["ARRIVED", "BLR", ["deliver"]],
  ["DELIVERED", "BLR", []],
  ["CANCELLED", "DEL", []],
] as const)("%s at %s may %j", (status, location, acts) => {
  expect(allowedActs(aBooking({ status, location }))).toEqual(acts);
});

test("what comes next is first", () => {
  const next_activity = { act: "cancel", location: "DEL" } as const;
  expect(allowedActs(aBooking({ next_activity }))[0]).toBe("cancel");
});
