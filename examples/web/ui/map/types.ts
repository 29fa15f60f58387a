import type { Airport } from "@/lib/api";

export type MapLane = {
  from: string;
  to: string;
  /** Behind, ahead, or one of many. */
  look: "flown" | "planned" | "faint";
  /** How far something has flown it that is on it now, 0 to 1. */
  share?: number;
};

export type RouteMapProps = {
  lanes: readonly MapLane[];
  airports: Map<string, Airport>;
  /** What it shows, in words. */
  label: string;
  /** The airport where the cargo stands. */
  here?: string;
  height?: number;
};
