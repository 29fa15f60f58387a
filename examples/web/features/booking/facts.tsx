import type { Booking } from "@/lib/api";
import { count, weight } from "@/lib/numbers";
import { texts } from "@/lib/texts";
import { When } from "@/ui/when";
import styles from "./facts.module.css";

const words = texts.booking;

export function Facts({ booking }: { booking: Booking }) {
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{words.pieces}</dt>
        <dd>{count(booking.pieces)}</dd>
      </div>
      <div>
        <dt>{words.weight}</dt>
        <dd>{weight(booking.weight_kg)}</dd>
      </div>
      <div>
        <dt>{words.created}</dt>
        <dd>
          <When at={booking.created_at} />
        </dd>
      </div>
      <div>
        <dt>{words.updated}</dt>
        <dd>
          <When at={booking.updated_at} />
        </dd>
      </div>
      <div>
        <dt>{words.revision}</dt>
        <dd>{count(booking.revision)}</dd>
      </div>
    </dl>
  );
}
