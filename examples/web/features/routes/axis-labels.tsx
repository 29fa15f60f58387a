import { texts } from "@/lib/texts";
import { clock, day } from "@/lib/time";
import styles from "./routes.module.css";
import { shareOf, type Axis } from "./time-bar";

/** The hours above the bars, in UTC: the bars of both ends share it. */
export function AxisLabels({ axis }: { axis: Axis }) {
  return (
    <div className={styles.axis} aria-hidden>
      {axis.ticks.map((tick, at) => (
        <span key={tick} style={{ insetInlineStart: `${shareOf(axis, tick) * 100}%` }}>
          {isMidnight(tick) ? day(tick, "UTC") : clock(tick, "UTC")}
          {at === 0 && ` ${texts.common.utc}`}
        </span>
      ))}
    </div>
  );
}

const isMidnight = (at: number) => at % 86_400_000 === 0;
