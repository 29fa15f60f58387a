// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pausedUntil, secondsToWait } from "./pauses";
import { NoAnswer } from "./problem";
import { sessionOver } from "./sessions";
import { send } from "./transport";

type Answer = [status: number, body?: object, headers?: Record<string, string>];

/** Answers by path, in order; what was asked is kept. */
function serverThat(answers: Record<string, Answer[]>) {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push(request);
    const path = new URL(request.url).pathname;
    const [status, body, headers] = answers[path]?.shift() ?? [500];
    return Promise.resolve(new Response(JSON.stringify(body ?? {}), { status, headers }));
  });
  return asked;
}

const request = (method = "GET") => new Request("http://127.0.0.1:8080/api/v1/bookings", { method });
const paths = (asked: Request[]) => asked.map(({ method, url }) => `${method} ${new URL(url).pathname}`);

beforeEach(() => sessionOver.set(false));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("writes carry the mark of the page, reads do not", async () => {
  const asked = serverThat({ "/api/v1/bookings": [[200], [201]] });
  await send(request());
  await send(request("POST"));
  expect(asked.map((each) => each.headers.get("X-Aircargo-Page"))).toEqual([null, "1"]);
});

test("a session that is over is refreshed once, and the request goes out again", async () => {
  const asked = serverThat({
    "/api/v1/bookings": [[401, { code: "invalid_token" }], [200]],
    "/api/v1/auth/session": [[401]],
    "/api/v1/auth/session/refresh": [[200]],
  });
  expect((await send(request())).status).toBe(200);
  expect(paths(asked)).toEqual([
    "GET /api/v1/bookings",
    "GET /api/v1/auth/session",
    "POST /api/v1/auth/session/refresh",
    "GET /api/v1/bookings",
  ]);
  expect(sessionOver.get()).toBe(false);
});

test("where another tab has refreshed it, it is not refreshed again", async () => {
  const asked = serverThat({ "/api/v1/bookings": [[401], [200]], "/api/v1/auth/session": [[200]] });
  expect((await send(request())).status).toBe(200);
  expect(paths(asked)).not.toContain("POST /api/v1/auth/session/refresh");
});

test("several that are refused at once share one refresh", async () => {
  const asked = serverThat({
    "/api/v1/bookings": [[401], [401], [200], [200]],
    "/api/v1/auth/session": [[401]],
    "/api/v1/auth/session/refresh": [[200]],
  });
  await Promise.all([send(request()), send(request())]);
  expect(paths(asked).filter((path) => path.includes("refresh"))).toHaveLength(1);
});

test("when nothing is left to refresh, the session is over", async () => {
  serverThat({
    "/api/v1/bookings": [[401]],
    "/api/v1/auth/session": [[401]],
    "/api/v1/auth/session/refresh": [[401]],
  });
  expect((await send(request())).status).toBe(401);
  expect(sessionOver.get()).toBe(true);
});

test("a server that is away ends no session", async () => {
  serverThat({ "/api/v1/bookings": [[401]], "/api/v1/auth/session": [[503]] });
  await send(request());
  expect(sessionOver.get()).toBe(false);
});

test("a wrong password ends no session", async () => {
  const asked = serverThat({ "/api/v1/bookings": [[401, { code: "invalid_credentials" }]] });
  await send(request("POST"));
  expect(asked).toHaveLength(1);
});

test("429 is waited out as the server says, and the page knows until when", async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const asked = serverThat({ "/api/v1/bookings": [[429, {}, { "Retry-After": "12" }], [200]] });
  const answer = send(request());
  await vi.advanceTimersByTimeAsync(11_000);
  expect(asked).toHaveLength(1);
  expect(pausedUntil.get()).toBe(1_012_000);
  await vi.advanceTimersByTimeAsync(1000);
  expect((await answer).status).toBe(200);
  expect(pausedUntil.get()).toBeNull();
});

test("a wait that is too long is left to the reader", async () => {
  serverThat({ "/api/v1/bookings": [[429, {}, { "Retry-After": "3600" }]] });
  expect((await send(request())).status).toBe(429);
});

test("a server that can not be reached gives no answer", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("refused")));
  await expect(send(request())).rejects.toBeInstanceOf(NoAnswer);
});

test("Retry-After may be a date", () => {
  expect(secondsToWait("Tue, 01 Dec 2026 06:00:30 GMT", Date.parse("2026-12-01T06:00:00Z"))).toBe(30);
  expect(secondsToWait("soon", 0)).toBe(1);
  expect(secondsToWait(null, 0)).toBe(1);
});
