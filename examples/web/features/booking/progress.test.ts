import { expect, test } from "vitest";
import { aBooking, aLeg, overBombay } from "@/lib/test-data";
import { lanesOf, progressOf } from "./progress";

const legs = overBombay.map(aLeg);
const at = Date.parse;

test("nothing is flown before the first departure", () => {
  expect(progressOf(aBooking({ legs }))).toMatchObject({ flown: 0, flying: false });
});

test("in the air it is on the leg by which it arrives next", () => {
  const booking = aBooking({
    legs,
    status: "DEPARTED",
    location: undefined,
    next_activity: { act: "arrive", location: "BOM", flight_id: 1 },
  });
  expect(progressOf(booking)).toMatchObject({ flown: 0, flying: true });
  expect(lanesOf(booking, at("2026-12-01T07:00:00Z"))[0]).toMatchObject({ look: "planned", share: 0.5 });
});

test("at a transfer the leg behind it is ahead", () => {
  const booking = aBooking({
    legs,
    status: "DEPARTED",
    location: "BOM",
    next_activity: { act: "depart", location: "BOM", flight_id: 2 },
  });
  expect(progressOf(booking)).toMatchObject({ flown: 1, flying: false });
  expect(lanesOf(booking, 0).map((lane) => lane.look)).toEqual(["flown", "planned"]);
});

test("an event that tells no next act still shows where it stands", () => {
  expect(progressOf(aBooking({ legs, status: "DEPARTED", location: "BOM" })).flown).toBe(1);
});

test("all is flown when it has arrived", () => {
  expect(progressOf(aBooking({ legs, status: "ARRIVED", location: "BLR" })).flown).toBe(2);
});

test("without flights there is the way from end to end", () => {
  expect(lanesOf(aBooking(), 0)).toEqual([{ from: "DEL", to: "BLR", look: "planned" }]);
});
