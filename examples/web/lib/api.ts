import createClient from "openapi-fetch";
import { Refusal } from "./api/problem";
import type { components, paths } from "./api/schema";
import { send } from "./api/transport";

/** Everything the page asks of the server, by name. Types come from docs/openapi.json. */

export { Refusal, NoAnswer, isConflict, isNotFound, mayPass, type FieldError } from "./api/problem";

type Schemas = components["schemas"];
export type Airport = Schemas["Airport"];
export type Session = Schemas["PageSession"];
export type Booking = Schemas["Booking"];
export type BookingPage = Schemas["BookingPage"];
export type BookingStatus = Schemas["BookingStatus"];
export type NewBooking = Schemas["NewBooking"];
export type Movement = Schemas["Movement"];
export type BookingChange = Schemas["BookingChange"];
export type Act = BookingChange["act"];
export type BatchResults = Schemas["BatchResults"];
export type Leg = Schemas["Leg"];
export type Event = Schemas["Event"];
export type History = Schemas["History"];
export type LoggedEvent = Schemas["LoggedEvent"];
export type Flight = Schemas["Flight"];
export type Itinerary = Schemas["Itinerary"];
export type RouteSearch = Schemas["RouteSearch"];
export type RoutePage = Schemas["RoutePage"];
export type Analytics = Schemas["Analytics"];
export type Role = Schemas["AccountRole"];
export type Account = Schemas["Account"];
export type ApiKey = Schemas["ApiKey"];
export type ShownApiKey = Schemas["ShownApiKey"];
export type Webhook = Schemas["Webhook"];
export type NewWebhook = Schemas["NewWebhook"];
export type WebhookChange = Schemas["WebhookChange"];
export type WebhookDelivery = Schemas["WebhookDelivery"];

export type BookingFilters = NonNullable<paths["/api/v1/bookings"]["get"]["parameters"]["query"]>;

const client = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "" : location.origin,
  fetch: send,
  querySerializer: { array: { style: "form", explode: false } }, // a list is one parameter, with commas
});

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What the server answered, or its refusal as an exception. */
async function take<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new Refusal(response.status, isObject(error) ? error : {});
  return data as T;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** What shows the server that no page of somebody else sent it. */
const fromOwnPage = { header: { "X-Aircargo-Page": "1" } } as const;

const only = (revision: number) => `"${revision}"`;

// ------------------------------------------------------------------------------------- accounts

export const session = {
  now: (signal?: AbortSignal) => take(client.GET("/api/v1/auth/session", { signal })),
  begin: (body: { name: string; password: string }) => take(client.POST("/api/v1/auth/session", { params: fromOwnPage, body })),
  end: () => take(client.DELETE("/api/v1/auth/session", { params: fromOwnPage })),
};

export const accounts = {
  register: (body: { name: string; password: string }) => take(client.POST("/api/v1/auth/register", { body })),
  changePassword: (body: { password: string; new_password: string }) =>
    take(client.POST("/api/v1/auth/password", { body })),
  list: (cursor: string | undefined, signal?: AbortSignal) =>
    take(client.GET("/api/v1/users", { params: { query: { page_size: 100, cursor } }, signal })),
  change: (name: string, body: { role?: Role; enabled?: boolean }) =>
    take(client.PATCH("/api/v1/users/{name}", { params: { path: { name } }, body })),
};

export const apiKeys = {
  list: (signal?: AbortSignal) => take(client.GET("/api/v1/api-keys", { signal })),
  make: (name: string) => take(client.POST("/api/v1/api-keys", { body: { name } })),
  revoke: (key_id: string) => take(client.DELETE("/api/v1/api-keys/{key_id}", { params: { path: { key_id } } })),
};

// ------------------------------------------------------------------------------------- bookings

export const bookings = {
  list: (query: BookingFilters, signal?: AbortSignal) =>
    take(client.GET("/api/v1/bookings", { params: { query }, signal })),
  find: (ref_id: string, signal?: AbortSignal) =>
    take(client.GET("/api/v1/bookings/{ref_id}", { params: { path: { ref_id } }, signal })),
  history: (ref_id: string, signal?: AbortSignal) =>
    take(client.GET("/api/v1/bookings/{ref_id}/history", { params: { path: { ref_id } }, signal })),
  book: (body: NewBooking, key: string) =>
    take(client.POST("/api/v1/bookings", { params: { header: { "Idempotency-Key": key } }, body })),
  /** Refused with `precondition_failed` when the booking is not at `revision` any more. */
  act: (ref_id: string, act: Act, body: Movement, revision: number, key: string) => {
    const params = { path: { ref_id }, header: { "If-Match": only(revision), "Idempotency-Key": key } };
    switch (act) {
      case "depart":
        return take(client.POST("/api/v1/bookings/{ref_id}/depart", { params, body }));
      case "arrive":
        return take(client.POST("/api/v1/bookings/{ref_id}/arrive", { params, body }));
      case "deliver":
        return take(client.POST("/api/v1/bookings/{ref_id}/deliver", { params, body }));
      case "cancel":
        return take(client.DELETE("/api/v1/bookings/{ref_id}", { params, body }));
    }
  },
  actOnMany: (entries: BookingChange[], key: string) =>
    take(
      client.POST("/api/v1/bookings/batch/status", {
        params: { header: { "Idempotency-Key": key } },
        body: { entries },
      }),
    ),
};

export const analytics = {
  between: (from: string, to: string, signal?: AbortSignal) =>
    take(client.GET("/api/v1/analytics", { params: { query: { from, to } }, signal })),
};

// --------------------------------------------------------------------------- flights and airports

export const routes = {
  search: (body: RouteSearch, signal?: AbortSignal) => take(client.POST("/api/v1/routes/search", { body, signal })),
};

export const flights = {
  find: (id: number, signal?: AbortSignal) =>
    take(client.GET("/api/v1/flights/{id}", { params: { path: { id } }, signal })),
};

export const airports = {
  search: (search: string, signal?: AbortSignal) =>
    take(client.GET("/api/v1/airports", { params: { query: { search, limit: 8 } }, signal })),
  named: (codes: string[], signal?: AbortSignal) =>
    take(client.GET("/api/v1/airports", { params: { query: { codes } }, signal })),
};

// ------------------------------------------------------------------------------------- webhooks

const hook = (hook_id: string) => ({ path: { hook_id } });

export const webhooks = {
  list: (signal?: AbortSignal) => take(client.GET("/api/v1/webhooks", { signal })),
  make: (body: NewWebhook) => take(client.POST("/api/v1/webhooks", { body })),
  change: (id: string, body: WebhookChange) =>
    take(client.PATCH("/api/v1/webhooks/{hook_id}", { params: hook(id), body })),
  remove: (id: string) => take(client.DELETE("/api/v1/webhooks/{hook_id}", { params: hook(id) })),
  test: (id: string) => take(client.POST("/api/v1/webhooks/{hook_id}/test", { params: hook(id) })),
  deliveries: (id: string, signal?: AbortSignal) =>
    take(
      client.GET("/api/v1/webhooks/{hook_id}/deliveries", {
        params: { ...hook(id), query: { page_size: 50 } },
        signal,
      }),
    ),
  redeliver: (id: string) =>
    take(client.POST("/api/v1/webhooks/{hook_id}/redeliver", { params: hook(id), body: {} })),
};
