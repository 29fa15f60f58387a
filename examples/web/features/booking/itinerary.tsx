"use client";

import { ArrowRight } from "lucide-react";
import { Fragment } from "react";
import type { Booking, Leg } from "@/lib/api";
import { texts } from "@/lib/texts";
import { duration } from "@/lib/time";
import { useAirport } from "@/lib/use-airport";
import { When } from "@/ui/when";
import styles from "./itinerary.module.css";
import { progressOf } from "./progress";

const words = texts.booking;

/** The planned flights, with the clocks of both ends. */
export function Itinerary({ booking }: { booking: Booking }) {
  const { legs, flown, flying } = progressOf(booking);
  if (legs.length === 0) return <p className={styles.none}>{words.noItinerary}</p>;
  return (
    <ol className={styles.legs}>
      {legs.map((leg, at) => {
        const before = legs[at - 1];
        const where = at < flown ? words.flown : at === flown && flying ? words.inFlight : words.ahead;
        return (
          <Fragment key={leg.flight_id}>
            {before && <Transfer from={before} to={leg} />}
            <li className={styles.leg}>
              <span className={styles.number}>
                <span className="code">{leg.flight_number}</span>
                <span className={styles.where}>{where}</span>
              </span>
              <Place code={leg.origin} at={leg.departure_datetime} />
              <ArrowRight className={styles.arrow} aria-label={texts.common.toWord} />
              <Place code={leg.destination} at={leg.arrival_datetime} />
            </li>
          </Fragment>
        );
      })}
    </ol>
  );
}

function Place({ code, at }: { code: string; at: string }) {
  const city = useAirport(code)?.city;
  return (
    <span className={styles.place}>
      <span>
        <strong className="code">{code}</strong> {city}
      </span>
      <When at={at} airport={code} />
    </span>
  );
}

function Transfer({ from, to }: { from: Leg; to: Leg }) {
  const minutes = (Date.parse(to.departure_datetime) - Date.parse(from.arrival_datetime)) / 60_000;
  return <li className={styles.transfer}>{words.transfer(duration(minutes), to.origin)}</li>;
}
