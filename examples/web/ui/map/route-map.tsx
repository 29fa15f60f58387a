"use client";

import { geoGraticule10, geoPath, type GeoProjection } from "d3-geo";
import type { FeatureCollection } from "geojson";
import { useEffect, useMemo, useState } from "react";
import type { Airport } from "@/lib/api";
import { classes } from "@/lib/classes";
import { alongTheWay, fittingProjection, type Place } from "./projection";
import styles from "./route-map.module.css";
import type { MapLane, RouteMapProps } from "./types";
import { loadLand } from "./world";

/** Great circles between airports; for the eye, since all of it stands beside the map in words. */
export default function RouteMap({ lanes, airports, label, here, height = 380, width }: RouteMapProps & { width: number }) {
  const land = useLand();
  const known = useMemo(() => lanes.filter((lane) => airports.has(lane.from) && airports.has(lane.to)), [lanes, airports]);
  const projection = useMemo(() => {
    const main = known.some((lane) => lane.look !== "faint") ? known.filter((lane) => lane.look !== "faint") : known;
    const ends = main.map((lane): [Place, Place] => [placeOf(airports, lane.from), placeOf(airports, lane.to)]);
    return fittingProjection(ends.flat(), ends, width, height);
  }, [known, airports, width, height]);
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className={styles.map}>
      <Ground projection={projection} land={land} />
      {[...known].sort(faintFirst).map((lane) => (
        <Line key={`${lane.from}-${lane.to}-${lane.look}`} lane={lane} airports={airports} projection={projection} />
      ))}
      {pointsOf(known).map(({ code, minor }) => (
        <Point
          key={code}
          airport={airports.get(code)}
          projection={projection}
          width={width}
          className={classes(minor && styles.minor, code === here && styles.here)}
        />
      ))}
      {known.map((lane) => (
        <Plane key={`${lane.from}-${lane.to}`} lane={lane} airports={airports} projection={projection} />
      ))}
    </svg>
  );
}

function Ground({ projection, land }: { projection: GeoProjection; land: FeatureCollection | null }) {
  const drawn = useMemo(() => {
    const path = geoPath(projection);
    return { graticule: path(geoGraticule10()), land: land && path(land) };
  }, [projection, land]);
  return (
    <>
      <path className={styles.graticule} d={drawn.graticule ?? undefined} />
      <path className={styles.land} d={drawn.land ?? undefined} />
    </>
  );
}

type LaneProps = { lane: MapLane; airports: Map<string, Airport>; projection: GeoProjection };

function Line({ lane, airports, projection }: LaneProps) {
  const coordinates = [placeOf(airports, lane.from), placeOf(airports, lane.to)];
  const path = geoPath(projection)({ type: "LineString", coordinates });
  return <path className={classes(styles.line, lane.look !== "flown" && styles[lane.look])} d={path ?? undefined} />;
}

function Plane({ lane, airports, projection }: LaneProps) {
  if (lane.share === undefined) return null;
  const { at, ahead } = alongTheWay(placeOf(airports, lane.from), placeOf(airports, lane.to), lane.share);
  const here = projection(at);
  const there = projection(ahead);
  if (!here || !there) return null;
  const angle = (Math.atan2(there[1] - here[1], there[0] - here[0]) * 180) / Math.PI;
  return <path className={styles.plane} d="M14 0L-9 9L-4 0L-9-9z" transform={`translate(${here}) rotate(${angle})`} />;
}

type PointProps = { airport: Airport | undefined; projection: GeoProjection; width: number; className: string };

function Point({ airport, projection, width, className }: PointProps) {
  const at = airport && projection([airport.longitude, airport.latitude]);
  if (!airport || !at) return null;
  const [x, y] = at;
  const toTheLeft = x > width * 0.62;
  return (
    <g className={className} transform={`translate(${x} ${y})`}>
      <circle className={styles.point} r={4.5} />
      <text className={styles.label} x={toTheLeft ? -9 : 9} y={-7} textAnchor={toTheLeft ? "end" : "start"}>
        {airport.code}
      </text>
    </g>
  );
}

function useLand() {
  const [land, setLand] = useState<FeatureCollection | null>(null);
  useEffect(() => {
    let wanted = true;
    // Without coasts the routes are still there.
    loadLand().then((loaded) => wanted && setLand(loaded), () => undefined);
    return () => {
      wanted = false;
    };
  }, []);
  return land;
}

function placeOf(airports: Map<string, Airport>, code: string): Place {
  const airport = airports.get(code);
  return airport ? [airport.longitude, airport.latitude] : [0, 0];
}

const faintFirst = (a: MapLane, b: MapLane) => Number(b.look === "faint") - Number(a.look === "faint");

/** Each airport once; minor where only faint lanes touch it. */
function pointsOf(lanes: readonly MapLane[]): { code: string; minor: boolean }[] {
  const minor = new Map<string, boolean>();
  for (const { from, to, look } of lanes) {
    for (const code of [from, to]) minor.set(code, look === "faint" && (minor.get(code) ?? true));
  }
  return [...minor].map(([code, is]) => ({ code, minor: is })).sort((a, b) => Number(b.minor) - Number(a.minor));
}
