import type { FeatureCollection } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

let land: Promise<FeatureCollection> | undefined;

/** The coasts of the world, loaded once and only where there is a map. */
export function loadLand(): Promise<FeatureCollection> {
  land ??= import("world-atlas/land-110m.json").then(({ default: atlas }) => {
    const topology = atlas as unknown as Topology<{ land: GeometryCollection }>;
    return feature(topology, topology.objects.land);
  });
  return land;
}
