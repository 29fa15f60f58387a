import type { Booking, BookingFilters, BookingStatus, LoggedEvent } from "@/lib/api";
import { limits } from "@/lib/limits";
import { addDays } from "@/lib/time";

/** Which bookings the table shows, as the address of the page says it. */
export type Filters = {
  ref: string;
  status: BookingStatus | "";
  origin: string;
  destination: string;
  from: string;
  to: string;
  sort: Sort;
};

export const sorts = ["-created_at", "created_at", "ref_id"] as const;
export type Sort = (typeof sorts)[number];

export const statuses: readonly BookingStatus[] = ["BOOKED", "DEPARTED", "ARRIVED", "DELIVERED", "CANCELLED"];

export const noFilters: Filters = {
  ref: "",
  status: "",
  origin: "",
  destination: "",
  from: "",
  to: "",
  sort: "-created_at",
};

const PAGE_SIZE = 100;
const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

export function fromParams(params: URLSearchParams): Filters {
  const of = (name: string) => params.get(name) ?? "";
  const code = (name: string) => (limits.airportCode.test(of(name)) ? of(name).toUpperCase() : "");
  const day = (name: string) => (isDay(of(name)) ? of(name) : "");
  return {
    ref: limits.refPrefix.test(of("ref")) ? of("ref").toUpperCase() : "",
    status: statuses.find((status) => status === of("status")) ?? "",
    origin: code("origin"),
    destination: code("destination"),
    from: day("from"),
    to: day("to"),
    sort: sorts.find((sort) => sort === of("sort")) ?? noFilters.sort,
  };
}

export function toParams(filters: Filters): URLSearchParams {
  const changed = Object.entries(filters).filter(([name, value]) => value !== noFilters[name as keyof Filters]);
  return new URLSearchParams(changed);
}

/** As the API wants it: days are UTC days, the last one included; a beginning of a reference has an order of its own. */
export function toQuery(filters: Filters): BookingFilters {
  return {
    page_size: PAGE_SIZE,
    sort: filters.ref ? "ref_id" : filters.sort,
    ref_prefix: filters.ref || undefined,
    status: filters.status || undefined,
    origin: filters.origin || undefined,
    destination: filters.destination || undefined,
    created_from: filters.from ? `${filters.from}T00:00:00Z` : undefined,
    created_to: filters.to ? `${addDays(filters.to, 1)}T00:00:00Z` : undefined,
  };
}

export function isFiltered(filters: Filters): boolean {
  return toParams({ ...filters, sort: noFilters.sort }).size > 0;
}

/** Whether the event tells of a new booking that these filters let through. */
export function isNewFor(filters: Filters, event: LoggedEvent): boolean {
  return (
    event.event_type === "BOOKED" &&
    (!filters.status || filters.status === "BOOKED") &&
    (!filters.origin || filters.origin === event.origin) &&
    (!filters.destination || filters.destination === event.destination) &&
    event.ref_id.startsWith(filters.ref)
  );
}

export function isOverdue(booking: Booking, now: number): boolean {
  const due = booking.next_activity?.scheduled_at;
  return due !== undefined && Date.parse(due) < now;
}
