"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RouteSearch } from "@/lib/api";
import { routesQuery } from "@/lib/queries";

/** The itineraries of a search, as far as they were asked for. */
export function useRoutes(search: RouteSearch) {
  const answer = useInfiniteQuery(routesQuery(search));
  const found = useMemo(() => {
    const pages = answer.data?.pages ?? [];
    return {
      direct: pages.flatMap((page) => page.direct),
      transit: pages.flatMap((page) => page.transit),
      first: pages[0],
    };
  }, [answer.data]);
  return { ...answer, ...found };
}
