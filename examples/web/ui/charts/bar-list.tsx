import type { ReactNode } from "react";
import styles from "./charts.module.css";

type Bar = { id: string; name: ReactNode; value: number; shown: string; colour?: string };

/** Names with bars, as long as their values. */
export function BarList({ bars }: { bars: readonly Bar[] }) {
  const greatest = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <ul className={styles.bars}>
      {bars.map(({ id, name, value, shown, colour }) => (
        <li key={id} className={styles.bar}>
          <span>{name}</span>
          <span className={styles.track} aria-hidden>
            <span className={styles.fill} style={{ width: `${(100 * value) / greatest}%`, background: colour }} />
          </span>
          <span className={styles.value}>{shown}</span>
        </li>
      ))}
    </ul>
  );
}
