"use client";

import { useState } from "react";
import type { Booking, Event, History } from "@/lib/api";
import { classes } from "@/lib/classes";
import { texts } from "@/lib/texts";
import { ago } from "@/lib/time";
import { useAirport } from "@/lib/use-airport";
import { useNow } from "@/lib/use-now";
import { statusIcons } from "@/ui/status-badge";
import { When } from "@/ui/when";
import styles from "./timeline.module.css";

const words = texts.booking;

/** What happened, the newest first, below what should happen next. */
export function Timeline({ history, booking }: { history: History; booking: Booking }) {
  const [seen] = useState(history.events.length);
  return (
    <ol className={styles.line} aria-label={words.timeline} aria-live="polite">
      <Next booking={booking} />
      {[...history.events].reverse().map((event) => (
        <Fact key={event.seq} event={event} isNew={event.seq > seen} />
      ))}
    </ol>
  );
}

function Fact({ event, isNew }: { event: Event; isNew: boolean }) {
  const Icon = statusIcons[event.event_type];
  const flight = event.flight_number && words.onFlight(event.flight_number);
  return (
    <li className={classes(styles.event, isNew && styles.new)}>
      <span className={classes(styles.sign, styles[event.event_type])}>
        <Icon aria-hidden />
      </span>
      <div className={styles.what}>
        <span className={styles.name}>{texts.status[event.event_type]}</span>
        <span className={styles.about}>
          <Place code={event.location} /> {flight}
        </span>
        {event.actor && <span className={styles.about}>{words.by(event.actor)}</span>}
        {event.off_plan && <span className={styles.offPlan}>{words.offPlan}</span>}
        {event.notes && <p className={styles.notes}>{event.notes}</p>}
      </div>
      <div className={styles.time}>
        <When at={event.created_at} airport={event.location} />
      </div>
    </li>
  );
}

function Next({ booking }: { booking: Booking }) {
  const now = useNow() ?? 0;
  const next = booking.next_activity;
  if (!next) return null;
  const late = next.scheduled_at !== undefined && Date.parse(next.scheduled_at) < now;
  const Icon = statusIcons[({ depart: "DEPARTED", arrive: "ARRIVED", deliver: "DELIVERED", cancel: "CANCELLED" } as const)[next.act]];
  return (
    <li className={classes(styles.event, styles.next)}>
      <span className={styles.sign}>
        <Icon aria-hidden />
      </span>
      <div className={styles.what}>
        <span className={styles.name}>{words.next(texts.acts[next.act].toLowerCase())}</span>
        <span className={styles.about}>
          <Place code={next.location} /> {next.flight_number && words.onFlight(next.flight_number)}
        </span>
        {late && next.scheduled_at && <span className={styles.late}>{words.due(ago(next.scheduled_at, now))}</span>}
      </div>
      {next.scheduled_at && (
        <div className={styles.time}>
          <When at={next.scheduled_at} airport={next.location} />
        </div>
      )}
    </li>
  );
}

function Place({ code }: { code: string | undefined }) {
  const airport = useAirport(code);
  if (!code) return null;
  return (
    <>
      <span className="code">{code}</span> {airport?.city}
    </>
  );
}
