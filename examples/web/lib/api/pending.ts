import type { components } from "./schema";

/** Routes that docs/openapi.json does not describe yet. Each goes away with its description. */
type Role = components["schemas"]["AccountRole"];
type Problem = components["schemas"]["Problem"];

export type Session = { name?: string | null; role: Role; expires_in?: number };

export type Airport = {
  code: string;
  city: string;
  name: string;
  country: string;
  latitude: number;
  longitude: number;
  time_zone: string;
};

type Json<T> = { content: { "application/json": T } };
type Refused = { content: { "application/problem+json": Problem } };

export type PendingPaths = {
  "/api/v1/auth/session": {
    get: { responses: { 200: Json<Session>; default: Refused } };
    post: {
      requestBody: Json<{ name: string; password: string }>;
      responses: { 200: Json<Session>; default: Refused };
    };
    delete: { responses: { 204: { content?: never }; default: Refused } };
  };
  "/api/v1/airports": {
    get: {
      parameters: { query?: { search?: string; codes?: string; limit?: number } };
      responses: { 200: Json<{ items: Airport[] }>; default: Refused };
    };
  };
};
