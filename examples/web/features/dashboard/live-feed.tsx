"use client";

import { Link } from "@/ui/link";
import { useFeed } from "@/lib/live/live";
import { bookingPage } from "@/lib/pages";
import { texts } from "@/lib/texts";
import { ago } from "@/lib/time";
import { useNow } from "@/lib/use-now";
import { useFreshness } from "@/lib/use-freshness";
import { Lane } from "@/ui/lane";
import { StatusBadge } from "@/ui/status-badge";
import styles from "./dashboard.module.css";

const words = texts.dashboard;
const SHOWN = 40;

/** Every event from now on, the newest first. */
export function LiveFeed() {
  const events = useFeed();
  const now = useNow(5000) ?? 0;
  const freshness = useFreshness();
  if (events.length === 0) {
    return <p className={styles.note}>{freshness === "live" ? words.waiting : texts.connection[freshness]}</p>;
  }
  return (
    <ol className={styles.feed} tabIndex={0} aria-label={words.live}>
      {events.slice(0, SHOWN).map((event) => (
        <li key={`${event.ref_id}-${event.seq}`} className={`${styles.row} ${styles.new}`}>
          <StatusBadge status={event.event_type} />
          <span className={styles.about}>
            <Link href={bookingPage(event.ref_id)}>{event.ref_id}</Link>
          </span>
          <span className={styles.quiet}>{ago(event.created_at, Math.max(now, Date.parse(event.created_at)))}</span>
          <span className={styles.about} style={{ gridColumn: "2 / -1" }}>
            <Lane from={event.origin} to={event.destination} /> {event.location && words.at(event.location)}
          </span>
        </li>
      ))}
    </ol>
  );
}
