"use client";

import { useAirport } from "@/lib/use-airport";
import { texts } from "@/lib/texts";
import { clock, day, isoDay, zoneName } from "@/lib/time";
import styles from "./when.module.css";

type Props = {
  at: string;
  /** On the clocks of this airport; without one, or while it is not known, on the reader's own. */
  airport?: string | undefined;
  /** Beside each other instead of one above the other. */
  inline?: boolean;
};

/** An instant on the clock of its place, and in UTC. */
export function When({ at, airport, inline = false }: Props) {
  const zone = useAirport(airport)?.time_zone;
  const sameDay = isoDay(Date.parse(at), zone) === at.slice(0, 10);
  return (
    <time dateTime={at} className={inline ? styles.line : styles.when}>
      <span>
        {day(at, zone)}, {clock(at, zone)} <span className={styles.zone}>{zoneName(at, zone)}</span>
      </span>
      <span className={styles.utc}>
        {!sameDay && `${day(at, "UTC")}, `}
        {clock(at, "UTC")} {texts.common.utc}
      </span>
    </time>
  );
}
