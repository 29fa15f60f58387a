import { airport, codeList, codesOf, isoDay, numberOf, wholeNumber } from "@/lib/checks";
import type { Itinerary, RouteSearch } from "@/lib/api";
import { limits } from "@/lib/limits";
import { texts } from "@/lib/texts";
import * as z from "@/lib/zod";

/** A search for routes: as it is typed, as the address of the page has it, and as the API takes it. */
export const orders = ["arrival", "departure", "duration"] as const;
export const stops = ["0", "1", "2", "3"] as const;

const empty = z.literal("");
const airports = codeList(limits.airportCode, limits.searchedAirports, texts.checks.airportList);
const instant = z.union([empty, z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, texts.checks.date))]);

export const searchSchema = z
  .object({
    from: airport,
    to: airport,
    date: isoDay,
    stops: z.enum(stops),
    order: z.enum(orders),
    via: airports,
    avoid: airports,
    airlines: codeList(limits.airline, limits.searchedAirlines, texts.checks.airlineList),
    after: instant,
    before: instant,
    hours: z.union([empty, wholeNumber({ min: 1, max: limits.longestMinutes.max / 60 })]),
    connection: z.union([empty, wholeNumber(limits.connectionMinutes)]),
  })
  .check(z.refine(({ from, to }) => from !== to, { path: ["to"], message: texts.checks.sameAirport }));

export type Search = z.input<typeof searchSchema>;

export const noSearch: Search = {
  from: "",
  to: "",
  date: "",
  stops: "1",
  order: "arrival",
  via: "",
  avoid: "",
  airlines: "",
  after: "",
  before: "",
  hours: "",
  connection: "",
};

/** How many itineraries of each list come at once. */
const PAGE = 20;

export function fromParams(params: URLSearchParams): Search {
  const given = Object.keys(noSearch).flatMap((name) => (params.has(name) ? [[name, params.get(name)]] : []));
  return { ...noSearch, ...(Object.fromEntries(given) as Partial<Search>) };
}

export function toParams(search: Search): URLSearchParams {
  const texts = Object.entries(search).map(([name, value]) => [name, String(value)] as const);
  return new URLSearchParams(texts.filter(([name, value]) => value !== noSearch[name as keyof Search]).map((p) => [...p]));
}

/** What the API is asked; null while the search is not whole. */
export function toBody(search: Search): RouteSearch | null {
  if (!searchSchema.safeParse(search).success) return null;
  const utc = (text: string) => (text ? `${text}:00Z` : undefined);
  const number = (text: string | number, times = 1) => (text === "" ? undefined : numberOf(String(text)) * times);
  const list = (text: string) => (text.trim() ? codesOf(text) : undefined);
  return {
    origin: search.from.toUpperCase(),
    destination: search.to.toUpperCase(),
    departure_date: search.date,
    max_stops: Number(search.stops),
    order: search.order,
    limit: PAGE,
    via: list(search.via),
    avoid: list(search.avoid),
    airlines: list(search.airlines),
    earliest_departure: utc(search.after),
    latest_arrival: utc(search.before),
    longest_minutes: number(search.hours, 60),
    min_connection_minutes: number(search.connection),
  };
}

export function isRefined(search: Search): boolean {
  return [search.via, search.avoid, search.airlines, search.after, search.before, search.hours, search.connection].some(
    (value) => value !== "",
  );
}

export const idOf = (itinerary: Itinerary) => itinerary.flights.map((flight) => flight.id).join("-");

/** First departure to last arrival. */
export function spanOf(itinerary: Itinerary): { from: number; to: number } {
  return {
    from: Date.parse(itinerary.flights[0]?.departure_datetime ?? ""),
    to: Date.parse(itinerary.flights.at(-1)?.arrival_datetime ?? ""),
  };
}

export function bookingAddress(itinerary: Itinerary): string {
  const flights = itinerary.flights.map((flight) => flight.id).join(",");
  return `/bookings/new/?flights=${flights}`;
}
