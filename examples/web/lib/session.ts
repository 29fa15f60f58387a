"use client";

import { queryOptions, useMutation, useQuery, useQueryClient, type Query, type QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { Refusal, session, type Role, type Session } from "./api";
import { sessionOver, sessions } from "./api/sessions";
import { forgetAllDrafts } from "./drafts";
import { keys } from "./keys";
import { feed } from "./live/live";

export type Who =
  | { state: "asking" }
  | { state: "unreachable" }
  | { state: "out" }
  /** `name` is missing where the server lets everybody in. `over`: it was good until just now. */
  | { state: "in"; name: string | null; role: Role; over: boolean };

const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal, client }) => {
    const now = await askTwice(signal);
    const before = client.getQueryData<Session | null>(keys.session);
    if (now !== null || !before) return now;
    sessionOver.set(true); // whoever works here keeps what is on the page, and signs in again
    return before;
  },
  staleTime: 60_000,
  gcTime: Infinity,
  refetchInterval: (query) => (query.state.status === "error" ? 3000 : false),
});

/** Null when nobody is signed in. */
async function askTwice(signal: AbortSignal): Promise<Session | null> {
  try {
    return await session.now(signal);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    return (await sessions.refresh(true)) === "good" ? session.now(signal) : null;
  }
}

export function useWho(): Who {
  const asked = useQuery(sessionQuery);
  const over = useSyncExternalStore(sessionOver.subscribe, sessionOver.get, sessionOver.get);
  if (asked.data === undefined) return { state: asked.isError ? "unreachable" : "asking" };
  if (asked.data === null) return { state: "out" };
  return { state: "in", name: asked.data.name ?? null, role: asked.data.role, over };
}

const ranks: Record<Role, number> = { viewer: 0, agent: 1, admin: 2 };

/** Whether who is signed in has this role, or one that may more. */
export function useMay(role: Role): boolean {
  const who = useWho();
  return who.state === "in" && ranks[who.role] >= ranks[role];
}

/** After it the page goes on where it was; for somebody else it begins anew. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: session.begin,
    retry: false,
    onSuccess: async (now) => {
      const before = client.getQueryData<Session | null>(keys.session);
      if (before && before.name !== now.name) client.removeQueries({ predicate: isNotSession });
      client.setQueryData(keys.session, now);
      sessionOver.set(false);
      await client.invalidateQueries({ predicate: (q) => isNotSession(q) && q.queryKey[0] !== "airport" });
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: session.end,
    onSuccess: () => forgetAll(client),
  });
}

/** To leave a session that is over for good. */
export function useForget(): () => void {
  const client = useQueryClient();
  return () => forgetAll(client);
}

/** The session itself stays among what is kept: the frame looks at it, and would not see another one in its place. */
function forgetAll(client: QueryClient) {
  forgetAllDrafts();
  feed.set([]);
  client.setQueryData(keys.session, null);
  client.removeQueries({ predicate: isNotSession });
  client.getMutationCache().clear();
  sessionOver.set(false);
}

const isNotSession = (query: Query) => query.queryKey[0] !== keys.session[0];
