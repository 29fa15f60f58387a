"use client";

import type { ReactNode } from "react";
import type { Itinerary } from "@/lib/api";
import { classes } from "@/lib/classes";
import { texts } from "@/lib/texts";
import { duration } from "@/lib/time";
import { When } from "@/ui/when";
import styles from "./routes.module.css";
import { partsOf, shareOf, type Axis } from "./time-bar";

const words = texts.routes;

type Props = {
  itinerary: Itinerary;
  axis: Axis;
  /** It is the one that the map shows. */
  shown: boolean;
  onShow: () => void;
  children: ReactNode;
};

/** One way to go: when, how long, through where, and the same as a bar. */
export function ItineraryCard({ itinerary, axis, shown, onShow, children }: Props) {
  const first = itinerary.flights[0];
  const last = itinerary.flights.at(-1);
  if (!first || !last) return null;
  return (
    <li
      className={classes(styles.card, shown && styles.shown)}
      onMouseEnter={onShow}
      onFocus={onShow}
      onClick={onShow}
    >
      <div className={styles.ends}>
        <span className={styles.end}>
          <span className={styles.about}>
            {texts.acts.depart} <span className="code">{first.origin}</span>
          </span>
          <When at={first.departure_datetime} airport={first.origin} />
        </span>
        <span className={styles.end}>
          <span className={styles.about}>
            {texts.acts.arrive} <span className="code">{last.destination}</span>
          </span>
          <When at={last.arrival_datetime} airport={last.destination} />
        </span>
      </div>
      <div className={styles.facts}>
        <span className={styles.duration}>{duration(itinerary.duration_minutes)}</span>
        <span className={classes("code", styles.about)}>
          {itinerary.flights.map((flight) => flight.flight_number).join(" · ")}
        </span>
        <span className={styles.about}>{stopsOf(itinerary)}</span>
      </div>
      <div className={styles.act}>{children}</div>
      <Bar axis={axis} itinerary={itinerary} />
    </li>
  );
}

/** Drawn for the eye; all it says stands above it. */
function Bar({ axis, itinerary }: { axis: Axis; itinerary: Itinerary }) {
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  return (
    <div className={styles.bar} aria-hidden>
      {axis.ticks.map((tick) => (
        <i key={tick} className={styles.tick} style={{ insetInlineStart: percent(shareOf(axis, tick)) }} />
      ))}
      {partsOf(axis, itinerary).map((part) => (
        <span
          key={part.left}
          className={classes(styles.part, styles[part.kind])}
          style={{ insetInlineStart: percent(part.left), width: percent(part.width) }}
        >
          <span>{part.name}</span>
        </span>
      ))}
    </div>
  );
}

function stopsOf({ flights, connection_minutes: minutes, transit_minutes: all }: Itinerary): string {
  if (flights.length === 1) return words.direct;
  const waits = all ?? [minutes ?? 0];
  return flights
    .slice(0, -1)
    .map((flight, at) => words.stop(flight.destination, duration(waits[at] ?? 0)))
    .join(", ");
}
