"use client";

import { Link } from "@/ui/link";
import { bookingPage } from "@/lib/pages";
import { count } from "@/lib/numbers";
import { texts } from "@/lib/texts";
import { duration } from "@/lib/time";
import { Lane } from "@/ui/lane";
import { Panel } from "@/ui/panel";
import { Failed, Loading } from "@/ui/states";
import styles from "./dashboard.module.css";
import { useLate } from "./use-late";

const words = texts.dashboard;
const SHOWN = 7;

/** What should have happened by now, the longest overdue first. */
export function LatePanel({ now }: { now: number }) {
  const { late, pending, partial, error, retry } = useLate(now);
  const total = `${count(late.length)}${partial ? "+" : ""}`;
  return (
    <Panel title={words.late} about={pending ? null : total} className={styles.half} flush>
      {pending && (
        <div className={styles.note}>
          <Loading lines={6} />
        </div>
      )}
      {error !== null && <Failed error={error} retry={retry} />}
      {!pending && error === null && late.length === 0 && <p className={styles.note}>{words.noneLate}</p>}
      <ul className={styles.rows}>
        {late.slice(0, SHOWN).map(({ booking, minutes }) => (
          <li key={booking.ref_id} className={styles.row}>
            <Link href={bookingPage(booking.ref_id)}>{booking.ref_id}</Link>
            <span className={styles.about}>
              <Lane from={booking.origin} to={booking.destination} />
            </span>
            <span className={styles.late}>{duration(minutes)}</span>
            {booking.next_activity && (
              <span className={styles.quiet} style={{ gridColumn: "2 / -1" }}>
                {words.missing(texts.acts[booking.next_activity.act].toLowerCase(), booking.next_activity.location)}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
