import { Clock, Split } from "lucide-react";
import { Link } from "@/ui/link";
import type { ReactNode } from "react";
import type { Booking } from "@/lib/api";
import { classes } from "@/lib/classes";
import { count, weight } from "@/lib/numbers";
import { bookingPage } from "@/lib/pages";
import { texts } from "@/lib/texts";
import { clock } from "@/lib/time";
import { Lane } from "@/ui/lane";
import { StatusBadge } from "@/ui/status-badge";
import { When } from "@/ui/when";
import styles from "./bookings-table.module.css";
import { isOverdue, type Sort } from "./filters";

const words = texts.bookings.columns;

/** What the table shows of a booking, column by column. */
export type Column = {
  id: string;
  name: string;
  className: string;
  /** In which orders the server can give it, the first one first. */
  sorts?: readonly Sort[];
  show: (booking: Booking, now: number) => ReactNode;
};

export const columns: readonly Column[] = [
  {
    id: "ref",
    name: words.ref,
    className: styles.ref ?? "",
    sorts: ["ref_id"],
    show: (b) => <Link href={bookingPage(b.ref_id)}>{b.ref_id}</Link>,
  },
  {
    id: "status",
    name: words.status,
    className: styles.status ?? "",
    show: (b) => <StatusBadge status={b.status} />,
  },
  {
    id: "route",
    name: words.route,
    className: styles.route ?? "",
    show: (b) => (
      <span className={styles.lane}>
        <Lane from={b.origin} to={b.destination} cities />
        {b.misrouted && (
          <span className={styles.misrouted}>
            <Split aria-hidden /> {texts.bookings.misrouted}
          </span>
        )}
      </span>
    ),
  },
  {
    id: "pieces",
    name: words.pieces,
    className: classes(styles.pieces, styles.number),
    show: (b) => count(b.pieces),
  },
  {
    id: "weight",
    name: words.weight,
    className: classes(styles.weight, styles.number),
    show: (b) => weight(b.weight_kg),
  },
  { id: "next", name: words.next, className: styles.next ?? "", show: (b, now) => <Next booking={b} now={now} /> },
  {
    id: "created",
    name: words.created,
    className: styles.created ?? "",
    sorts: ["-created_at", "created_at"],
    show: (b) => <When at={b.created_at} />,
  },
];

function Next({ booking, now }: { booking: Booking; now: number }) {
  const next = booking.next_activity;
  if (!next) return null;
  return (
    <>
      {texts.bookings.dueNow(texts.acts[next.act], next.location)}
      {next.scheduled_at && <span className={styles.due}>{clock(next.scheduled_at, "UTC")} {texts.common.utc}</span>}
      {isOverdue(booking, now) && (
        <span className={styles.late}>
          <Clock aria-hidden /> {texts.bookings.late}
        </span>
      )}
    </>
  );
}
