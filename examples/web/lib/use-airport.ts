"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import type { Airport } from "./api";
import { airportQuery } from "./queries";

/** Undefined until it is known, and where there is no such airport. */
export function useAirport(code: string | undefined): Airport | undefined {
  const asked = useQuery({ ...airportQuery(code ?? ""), enabled: code !== undefined });
  return asked.data ?? undefined;
}

export function useAirports(codes: readonly string[]): Map<string, Airport> {
  return useQueries({
    queries: [...new Set(codes)].map((code) => airportQuery(code)),
    combine: (answers) => new Map(answers.flatMap(({ data }) => (data ? [[data.code, data] as const] : []))),
  });
}
