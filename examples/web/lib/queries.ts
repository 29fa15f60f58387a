import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import {
  accounts,
  airports,
  analytics,
  apiKeys,
  bookings,
  flights,
  mayPass,
  routes,
  webhooks,
  type BookingFilters,
  type RouteSearch,
} from "./api";
import { nameAirport } from "./airport-names";
import { keys } from "./keys";

/** What the page keeps of the server's answers, and under which name. */

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events keep it fresh; what they can not tell is asked for where it is shown.
        staleTime: 60_000,
        networkMode: "always",
        refetchOnReconnect: false,
        retry: (failures, error) => mayPass(error) && failures < 3,
        retryDelay: (failures) => Math.min(8000, 500 * 2 ** failures),
      },
      mutations: {
        networkMode: "always",
        // The same idempotency key goes along, so it happens once however often it is sent.
        retry: (failures, error) => mayPass(error) && failures < 2,
        retryDelay: (failures) => 400 * 2 ** failures,
      },
    },
  });
}

export const bookingQuery = (ref: string) =>
  queryOptions({ queryKey: keys.booking(ref), queryFn: ({ signal }) => bookings.find(ref, signal) });

export const historyQuery = (ref: string) =>
  queryOptions({ queryKey: keys.history(ref), queryFn: ({ signal }) => bookings.history(ref, signal) });

export const bookingsQuery = (filters: BookingFilters) =>
  infiniteQueryOptions({
    queryKey: [...keys.bookings, "list", filters],
    queryFn: ({ pageParam, signal }) => bookings.list({ ...filters, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const analyticsQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: [...keys.analytics, from, to],
    queryFn: ({ signal }) => analytics.between(from, to, signal),
    staleTime: 30_000,
  });

export const routesQuery = (search: RouteSearch) =>
  infiniteQueryOptions({
    queryKey: ["routes", search],
    queryFn: ({ pageParam, signal }) => routes.search({ ...search, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    staleTime: 30_000,
  });

export const flightQuery = (id: number) =>
  queryOptions({ queryKey: ["flight", id], queryFn: ({ signal }) => flights.find(id, signal) });

/** Airports do not move: one is asked for once. */
export const airportQuery = (code: string) =>
  queryOptions({ queryKey: ["airport", code], queryFn: () => nameAirport(code), staleTime: Infinity, gcTime: Infinity });

export const airportSearchQuery = (text: string) =>
  queryOptions({
    queryKey: ["airports", text.toLowerCase()],
    queryFn: ({ signal }) => airports.search(text, signal),
    staleTime: Infinity,
  });

export const apiKeysQuery = queryOptions({ queryKey: keys.apiKeys, queryFn: ({ signal }) => apiKeys.list(signal) });

export const accountsQuery = infiniteQueryOptions({
  queryKey: keys.accounts,
  queryFn: ({ pageParam, signal }) => accounts.list(pageParam, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next_cursor ?? undefined,
});

export const webhooksQuery = queryOptions({ queryKey: keys.webhooks, queryFn: ({ signal }) => webhooks.list(signal) });

export const deliveriesQuery = (id: string) =>
  queryOptions({ queryKey: keys.deliveries(id), queryFn: ({ signal }) => webhooks.deliveries(id, signal) });
