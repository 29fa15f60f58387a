import { bytes, limits } from "./limits";
import { texts } from "./texts";
import * as z from "./zod";

/** Fields as they are typed, checked as the server checks them. */
const words = texts.checks;

export const airport = z.string().check(z.trim(), z.regex(limits.airportCode, words.airport), z.toUpperCase());

export const notes = z.string().check(z.refine((text) => bytes(text) <= limits.notesBytes, words.notes));

export const isoDay = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, words.date));

/** A whole number within limits; thousands may be parted by spaces. */
export function wholeNumber({ min, max }: { min: number; max: number }) {
  const digits = z.string().check(
    z.trim(),
    z.regex(/^[0-9][0-9 ]*$/, words.whole),
    z.refine((text) => within(text, min, max), words.between(min, max)),
  );
  return z.pipe(digits, z.transform(numberOf));
}

export const numberOf = (text: string) => Number(text.replaceAll(" ", ""));

function within(text: string, min: number, max: number): boolean {
  const value = numberOf(text);
  return Number.isNaN(value) || (value >= min && value <= max);
}

/** Codes with commas or spaces between them; none is an empty list. */
export function codeList(each: RegExp, most: number, message: string) {
  return z.string().check(
    z.refine((text) => {
      const codes = codesOf(text);
      return codes.length <= most && codes.every((code) => each.test(code));
    }, message),
  );
}

export function codesOf(text: string): string[] {
  return text
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter((code) => code !== "");
}
