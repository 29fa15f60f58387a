import { locale } from "./texts/locale";

const integers = new Intl.NumberFormat(locale);
const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const kilograms = new Intl.NumberFormat(locale, { style: "unit", unit: "kilogram", maximumFractionDigits: 0 });
const tonnes = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const plurals = new Intl.PluralRules(locale);

export const count = (value: number) => integers.format(value);
export const compact = (value: number) => short.format(value);
export const percent = (share: number) => shares.format(share);
export const weight = (kg: number) => kilograms.format(kg);

/** Large weights in tonnes. */
export const heavy = (kg: number) => (kg < 10_000 ? weight(kg) : `${tonnes.format(kg / 1000)} t`);

/** The right form for a number: counted(2, { one: "booking", other: "bookings" }) is "2 bookings". */
export function counted(value: number, forms: { one: string; other: string }): string {
  return `${count(value)} ${plurals.select(value) === "one" ? forms.one : forms.other}`;
}
