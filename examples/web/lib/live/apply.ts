import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Booking, BookingPage, Event, History, LoggedEvent } from "../api";
import { keys } from "../keys";

/** Brings what the page shows up to date with events, without asking the server again for each. */
export function applyEvents(client: QueryClient, events: LoggedEvent[]): void {
  const latest = new Map(events.map((event) => [event.ref_id, event]));
  applyToLists(client, latest);
  for (const ref of latest.keys()) applyToBooking(client, ref, events);
}

/** A booking after an event, as far as an event tells: what comes next it does not. */
export function after(booking: Booking, event: LoggedEvent): Booking {
  if (event.seq <= booking.revision) return booking;
  return {
    ...booking,
    status: event.status,
    location: event.event_type === "DEPARTED" ? undefined : (event.location ?? booking.location),
    next_activity: undefined,
    updated_at: event.created_at,
    revision: event.seq,
  };
}

function applyToLists(client: QueryClient, latest: Map<string, LoggedEvent>) {
  changeInLists(client, latest, after);
}

/** What an answer said of bookings, for the lists that show them. */
export function replaceInLists(client: QueryClient, now: Map<string, Booking>): void {
  changeInLists(client, now, (seen, read) => (read.revision > seen.revision ? read : seen));
}

function changeInLists<T>(client: QueryClient, changes: Map<string, T>, change: (seen: Booking, by: T) => Booking) {
  const changed = (booking: Booking) => {
    const by = changes.get(booking.ref_id);
    return by === undefined ? booking : change(booking, by);
  };
  const touches = (page: BookingPage) => page.items.some((booking) => changes.has(booking.ref_id));
  client.setQueriesData<InfiniteData<BookingPage>>({ queryKey: [...keys.bookings, "list"] }, (data) => {
    if (!data?.pages.some(touches)) return data;
    const pages = data.pages.map((page) => (touches(page) ? { ...page, items: page.items.map(changed) } : page));
    return { ...data, pages };
  });
}

/** The whole booking is asked for again, since the event does not tell all of it. */
function applyToBooking(client: QueryClient, ref: string, events: LoggedEvent[]) {
  const mine = events.filter((event) => event.ref_id === ref);
  client.setQueryData<History>(keys.history(ref), (history) => history && continued(history, mine));
  const booking = client.getQueryData<Booking>(keys.booking(ref));
  const last = mine.at(-1);
  if (booking && last && last.seq > booking.revision) void client.invalidateQueries({ queryKey: keys.booking(ref) });
  const history = client.getQueryData<History>(keys.history(ref));
  if (history && last && (history.events.at(-1)?.seq ?? 0) < last.seq) {
    void client.invalidateQueries({ queryKey: keys.history(ref) });
  }
}

/** Events in the order of their numbers and without a gap: behind one, nothing is added. */
export function continued(history: History, events: LoggedEvent[]): History {
  let { status } = history;
  const known = [...history.events];
  for (const logged of events) {
    if (logged.seq !== (known.at(-1)?.seq ?? 0) + 1) continue;
    known.push(eventOf(logged));
    status = logged.status;
  }
  return known.length === history.events.length ? history : { ...history, status, events: known };
}

function eventOf({ ref_id: _ref, origin: _from, destination: _to, ...event }: LoggedEvent): Event {
  return event;
}
