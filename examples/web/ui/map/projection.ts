import { geoCentroid, geoDistance, geoInterpolate, geoNaturalEarth1, type GeoProjection } from "d3-geo";
import type { MultiLineString, MultiPoint } from "geojson";

export type Place = [longitude: number, latitude: number];

/** No closer than this, or the coasts have corners and nobody knows where it is. */
const MOST_SCALE = 900;

/**
 * A map of the world turned and enlarged so that these places and the great circles between them
 * fill it; turned, so that a route over the date line is one line.
 */
export function fittingProjection(places: Place[], lanes: [Place, Place][], width: number, height: number): GeoProjection {
  const projection = geoNaturalEarth1();
  const size = Math.min(width, height);
  const margin = size * 0.16;
  if (places.length === 0) return projection.fitSize([width, height], { type: "Sphere" });
  const points: MultiPoint = { type: "MultiPoint", coordinates: places };
  const lines: MultiLineString = { type: "MultiLineString", coordinates: lanes };
  const [longitude] = geoCentroid(lanes.length > 0 ? lines : points);
  projection.rotate([-longitude, 0]);
  projection.fitExtent(
    [
      [margin, margin],
      [width - margin, height - margin],
    ],
    { type: "GeometryCollection", geometries: [points, lines] },
  );
  if (projection.scale() > MOST_SCALE) zoomOut(projection, lanes.length > 0 ? lines : points, width, height);
  return projection.clipExtent([
    [-20, -20],
    [width + 20, height + 20],
  ]);
}

function zoomOut(projection: GeoProjection, around: MultiLineString | MultiPoint, width: number, height: number) {
  projection.scale(MOST_SCALE).translate([0, 0]);
  const middle = projection(geoCentroid(around)) ?? [0, 0];
  projection.translate([width / 2 - middle[0], height / 2 - middle[1]]);
}

/** Where something is that has flown this share of the way, and where it heads. */
export function alongTheWay(from: Place, to: Place, share: number): { at: Place; ahead: Place } {
  const way = geoInterpolate(from, to);
  const step = Math.max(0.01, 0.02 / Math.max(geoDistance(from, to), 0.01));
  const on = Math.min(1, Math.max(0, share));
  return { at: way(on), ahead: way(Math.min(1.2, on + Math.min(step, 0.1))) };
}

/** How much of a flight is behind, between its departure and arrival. */
export function flownShare(departure: string, arrival: string, now: number): number {
  const from = Date.parse(departure);
  const to = Date.parse(arrival);
  return Math.min(1, Math.max(0, (now - from) / Math.max(1, to - from)));
}
