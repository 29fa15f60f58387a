import { expect, test } from "vitest";
import { aBooking } from "@/lib/test-data";
import { asPrefix, optionsFor } from "./palette-options";

test("digits alone are the end of a reference", () => {
  expect(asPrefix("12345")).toBe("ACB12345");
  expect(asPrefix(" acb1 ")).toBe("ACB1");
  expect(asPrefix("dash")).toBeNull();
});

test("a whole reference can be opened before it is found, and stands there once", () => {
  expect(optionsFor("12345", []).map((option) => option.href)).toEqual(["/booking/?ref=ACB12345"]);
  expect(optionsFor("12345", [aBooking()]).map((option) => option.name)).toEqual(["ACB12345"]);
});

test("pages are found by a part of their name", () => {
  expect(optionsFor("rout", []).map((option) => option.href)).toEqual(["/routes/"]);
  expect(optionsFor("", [])).toHaveLength(6);
});
