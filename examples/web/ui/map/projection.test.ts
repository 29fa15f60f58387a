import { expect, test } from "vitest";
import { alongTheWay, fittingProjection, flownShare, type Place } from "./projection";

const delhi: Place = [77.1, 28.56];
const bangalore: Place = [77.71, 13.2];
const sydney: Place = [151.18, -33.95];
const losAngeles: Place = [-118.41, 33.94];

test.each([
  ["a short lane", [delhi, bangalore]],
  ["a lane over the date line", [sydney, losAngeles]],
])("%s lies within the map", (_, ends) => {
  const projection = fittingProjection(ends, [[ends[0] ?? delhi, ends[1] ?? delhi]], 640, 380);
  for (const end of ends) {
    const [x, y] = projection(end) ?? [NaN, NaN];
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(640);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(380);
  }
});

test("halfway is in the middle of the great circle", () => {
  const { at } = alongTheWay([0, 0], [90, 0], 0.5);
  expect(at[0]).toBeCloseTo(45);
});

test("a flight is flown by the clock, and no further than its ends", () => {
  const share = (now: string) => flownShare("2026-12-01T06:00:00Z", "2026-12-01T08:00:00Z", Date.parse(now));
  expect(share("2026-12-01T07:00:00Z")).toBe(0.5);
  expect(share("2026-12-01T05:00:00Z")).toBe(0);
  expect(share("2026-12-02T00:00:00Z")).toBe(1);
});
