"use client";

import { texts } from "@/lib/texts";
import { day } from "@/lib/time";
import { useWidth } from "@/lib/use-width";
import styles from "./charts.module.css";
import { ticksTo } from "./scale";

type Props = {
  /** What is counted, such as "Bookings a day". */
  label: string;
  days: readonly { day: string; value: number }[];
  show: (value: number) => string;
  /** For the axis, shorter. */
  showShort?: (value: number) => string;
  height?: number;
};

const LEFT = 44;
const BOTTOM = 20;
const TOP = 8;

/** A column a day. The same numbers stand below as a table. */
export function DayColumns({ label, days, show, showShort = show, height = 190 }: Props) {
  const [figure, width] = useWidth<HTMLElement>(560);
  const ticks = ticksTo(Math.max(0, ...days.map((each) => each.value)));
  const greatest = ticks.at(-1) ?? 1;
  const step = (width - LEFT) / Math.max(1, days.length);
  const y = (value: number) => TOP + (height - BOTTOM - TOP) * (1 - value / greatest);
  const everyNth = Math.ceil(days.length / Math.max(2, Math.floor((width - LEFT) / 78)));
  return (
    <figure ref={figure} className={styles.figure}>
      <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} style={{ height }} className={styles.columns}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={styles.grid} x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
            <text className={styles.label} x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {showShort(tick)}
            </text>
          </g>
        ))}
        {days.map(({ day: date, value }, at) => {
          const x = LEFT + at * step;
          const gap = Math.min(6, step * 0.22);
          return (
            <g key={date}>
              <rect className={styles.hit} x={x} width={step} y={TOP} height={height - BOTTOM - TOP}>
                <title>{`${day(date, "UTC")}: ${show(value)}`}</title>
              </rect>
              <rect
                className={styles.column}
                x={x + gap / 2}
                width={Math.max(1, step - gap)}
                y={y(value)}
                height={y(0) - y(value)}
                rx={Math.min(2, step / 4)}
                pointerEvents="none"
              />
              {(days.length - 1 - at) % everyNth === 0 && (
                <text className={styles.label} x={x + step / 2} y={height - 4} textAnchor="middle">
                  {day(date, "UTC").replace(/^\S+ /, "")}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <details className={styles.table}>
        <summary>{texts.charts.asTable}</summary>
        <div tabIndex={0} role="group" aria-label={label}>
          <table>
            <thead>
              <tr>
                <th>{texts.charts.day}</th>
                <th>{label}</th>
              </tr>
            </thead>
            <tbody>
              {days.map(({ day: date, value }) => (
                <tr key={date}>
                  <td>{day(date, "UTC")}</td>
                  <td>{show(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
