import { limits } from "@/lib/limits";
import { addDays } from "@/lib/time";

/** Days, both counted. */
export type Range = { from: string; to: string };

const isDay = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** The last 30 days unless the address says otherwise; no more than the server adds up. */
export function rangeOf(params: URLSearchParams, today: string): Range {
  const asked = params.get("to");
  const to = isDay(asked) ? asked : today;
  const start = params.get("from");
  const from = isDay(start) && start <= to ? start : addDays(to, -29);
  const earliest = addDays(to, 1 - limits.analyticsDays);
  return { from: from < earliest ? earliest : from, to };
}
