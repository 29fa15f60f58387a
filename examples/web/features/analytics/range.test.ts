import { expect, test } from "vitest";
import { rangeOf } from "./range";

const range = (text: string) => rangeOf(new URLSearchParams(text), "2026-12-01");

test("the last thirty days, unless the address says otherwise", () => {
  expect(range("")).toEqual({ from: "2026-11-02", to: "2026-12-01" });
  expect(range("from=2026-11-20&to=2026-11-25")).toEqual({ from: "2026-11-20", to: "2026-11-25" });
});

test("no more days than the server adds up, and none backwards", () => {
  expect(range("from=2020-01-01&to=2026-12-01")).toEqual({ from: "2026-09-01", to: "2026-12-01" });
  expect(range("from=2027-01-01&to=2026-12-01").from).toBe("2026-11-02");
});
