import { expect, test } from "vitest";
import { ticksTo } from "./scale";

test.each([
  [0, [0, 1]],
  [3, [0, 1, 2, 3]],
  [160, [0, 50, 100, 150, 200]],
])("up to %i: %j", (greatest, ticks) => {
  expect(ticksTo(greatest)).toEqual(ticks);
});
