import { QueryClient, type InfiniteData } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { Booking, BookingPage, History } from "../api";
import { keys } from "../keys";
import { aBooking, anEvent } from "../test-data";
import { after, applyEvents, continued, replaceInLists } from "./apply";

const listKey = [...keys.bookings, "list", {}];

function clientWith(...items: Booking[]): QueryClient {
  const client = new QueryClient();
  const page: BookingPage = { items, page_size: 100, total: items.length, total_exact: true, next_cursor: null };
  client.setQueryData<InfiniteData<BookingPage>>(listKey, { pages: [page], pageParams: [undefined] });
  return client;
}

const listed = (client: QueryClient) => client.getQueryData<InfiniteData<BookingPage>>(listKey)?.pages[0]?.items[0];

test("an event moves the row of its booking", () => {
  const client = clientWith(aBooking());
  applyEvents(client, [anEvent()]);
  expect(listed(client)).toMatchObject({ status: "DEPARTED", revision: 2, updated_at: "2026-12-01T07:00:00Z" });
  expect(listed(client)?.location).toBeUndefined();
});

test("an event that a row already has changes nothing", () => {
  const seen = aBooking({ status: "ARRIVED", revision: 3 });
  expect(after(seen, anEvent({ seq: 2 }))).toBe(seen);
});

test("other lists keep their identity, so that nothing is drawn anew", () => {
  const client = clientWith(aBooking({ ref_id: "ACB99999" }));
  const before = client.getQueryData(listKey);
  applyEvents(client, [anEvent()]);
  expect(client.getQueryData(listKey)).toBe(before);
});

test("an answer does not take a row back behind an event", () => {
  const client = clientWith(aBooking({ status: "ARRIVED", revision: 3 }));
  replaceInLists(client, new Map([["ACB12345", aBooking({ status: "DEPARTED", revision: 2 })]]));
  expect(listed(client)?.status).toBe("ARRIVED");
});

test("a history goes on without gaps", () => {
  const history: History = {
    ref_id: "ACB12345",
    status: "BOOKED",
    events: [{ seq: 1, event_type: "BOOKED", status: "BOOKED", created_at: "2026-12-01T06:00:00Z" }],
  };
  const next = anEvent({ seq: 2 });
  const gap = anEvent({ seq: 4, event_type: "DELIVERED", status: "DELIVERED" });
  const now = continued(history, [next, gap]);
  expect(now.events.map((event) => event.seq)).toEqual([1, 2]);
  expect(now.status).toBe("DEPARTED");
  expect(now.events[1]).not.toHaveProperty("ref_id");
});
