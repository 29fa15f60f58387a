import { expect, test } from "vitest";
import { addDays, ago, clock, day, duration, instant, isoDay } from "./time";

test("an instant on the clocks of several places", () => {
  expect(clock("2026-12-01T20:00:00Z", "UTC")).toBe("20:00");
  expect(clock("2026-12-01T20:00:00Z", "Asia/Kolkata")).toBe("01:30");
  expect(day("2026-12-01T20:00:00Z", "Asia/Kolkata")).toMatch(/Wed,? 2 Dec/);
  expect(clock("2026-12-01T23:30:00Z", "UTC")).toBe("23:30");
  expect(clock("2026-12-01T00:00:00Z", "UTC")).toBe("00:00");
});

test("the calendar day is that of the place", () => {
  expect(isoDay(Date.parse("2026-12-31T20:00:00Z"), "UTC")).toBe("2026-12-31");
  expect(isoDay(Date.parse("2026-12-31T20:00:00Z"), "Asia/Tokyo")).toBe("2027-01-01");
});

test("days are added over the ends of months and changes of clocks", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
  expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
});

test("durations and distances from now", () => {
  expect(duration(45)).toBe("45m");
  expect(duration(425)).toBe("7h 05m");
  expect(ago("2026-12-01T06:00:00Z", Date.parse("2026-12-01T06:03:10Z"))).toBe("3 min ago");
  expect(instant(Date.parse("2026-12-01T06:00:00.900Z"))).toBe("2026-12-01T06:00:00Z");
});
