import { locale } from "./texts/locale";

/** Instants as people read them: the server speaks UTC, a place has its own clock. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone, hourCycle: "h23" });
    formats.set(key, found);
  }
  return found;
}

export function clock(instant: string | number, zone?: string): string {
  return format(zone, { hour: "2-digit", minute: "2-digit" }).format(new Date(instant));
}

export function clockWithSeconds(instant: string | number, zone?: string): string {
  return format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(instant));
}

export function day(instant: string | number, zone?: string): string {
  return format(zone, { weekday: "short", day: "numeric", month: "short" }).format(new Date(instant));
}

export function dayWithYear(instant: string | number, zone?: string): string {
  return format(zone, { day: "numeric", month: "short", year: "numeric" }).format(new Date(instant));
}

/** Such as "IST" or "GMT+5:30". */
export function zoneName(instant: string | number, zone?: string): string {
  const parts = format(zone, { hour: "2-digit", timeZoneName: "short" }).formatToParts(new Date(instant));
  return parts.find((p) => p.type === "timeZoneName")?.value ?? "";
}

/** The calendar day, such as 2026-12-01, as the API takes it. */
export function isoDay(instant: number, zone?: string): string {
  const parts = format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(new Date(instant));
  const of = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return `${of("year")}-${of("month")}-${of("day")}`;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** An instant as the API writes it, in whole seconds. */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

const units = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const;
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });

/** Such as "3 min ago" or "in 2 hr". */
export function ago(instant: string | number, now: number): string {
  const seconds = Math.round((new Date(instant).getTime() - now) / 1000);
  const size = Math.abs(seconds);
  const unit = size >= units.day ? "day" : size >= units.hour ? "hour" : size >= units.minute ? "minute" : "second";
  return relative.format(Math.trunc(seconds / units[unit]), unit);
}

/** Minutes as "7h 05m". */
export function duration(minutes: number): string {
  const unit = (value: number, name: "hour" | "minute", width = 1) =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "narrow", minimumIntegerDigits: width }).format(
      value,
    );
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? unit(minutes, "minute") : `${unit(hours, "hour")} ${unit(minutes % 60, "minute", 2)}`;
}
