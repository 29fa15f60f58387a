import { expect, test } from "vitest";
import { aBooking, aLeg, overBombay } from "@/lib/test-data";
import { cell, toCsv } from "./csv";

test("a line a booking, below the names of the API", () => {
  const lines = toCsv([aBooking({ legs: overBombay.map(aLeg) })]).split("\r\n");
  expect(lines[0]).toBe(
    "ref_id,status,origin,destination,location,pieces,weight_kg,misrouted,flights,created_at,updated_at,revision",
  );
  expect(lines[1]).toBe("ACB12345,BOOKED,DEL,BLR,DEL,3,120,,AI1 AI2,2026-12-01T06:00:00Z,2026-12-01T06:00:00Z,1");
  expect(lines[2]).toBe("");
});

test("quotes what would break a line", () => {
  expect(cell('say "no", then go')).toBe('"say ""no"", then go"');
  expect(cell("two\nlines")).toBe('"two\nlines"');
});

test("no cell is a formula", () => {
  expect(cell("=1+1")).toBe("'=1+1");
  expect(cell("@SUM(A1)")).toBe("'@SUM(A1)");
  expect(cell(-5)).toBe("-5");
});
