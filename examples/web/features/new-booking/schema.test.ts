import { expect, test } from "vitest";
import { bookingSchema, noValues, toBody } from "./schema";

const typed = { ...noValues, origin: "del", destination: "BLR", pieces: "3", weight_kg: "1 200" };

function errorsOf(values: typeof typed) {
  const checked = bookingSchema.safeParse(values);
  return checked.success ? [] : checked.error.issues.map((issue) => issue.path.join("."));
}

test("what is typed becomes what the server takes", () => {
  const checked = bookingSchema.parse({ ...typed, notes: "  ", flight_ids: [] });
  expect(JSON.parse(JSON.stringify(toBody(checked)))).toEqual({ origin: "DEL", destination: "BLR", pieces: 3, weight_kg: 1200 });
});

test.each([
  ["pieces", { pieces: "0" }],
  ["pieces", { pieces: "100001" }],
  ["pieces", { pieces: "2.5" }],
  ["weight_kg", { weight_kg: "1000001" }],
  ["weight_kg", { weight_kg: "" }],
  ["destination", { destination: "DEL" }],
  ["origin", { origin: "Delhi" }],
  ["notes", { notes: "x".repeat(2001) }],
])("%s is refused for %j", (field, change) => {
  expect(errorsOf({ ...typed, ...change })).toContain(field);
});
