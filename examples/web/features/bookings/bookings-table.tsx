"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import { memo, useCallback, useEffect, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Booking } from "@/lib/api";
import { texts } from "@/lib/texts";
import styles from "./bookings-table.module.css";
import { columns, type Column } from "./columns";
import type { Sort } from "./filters";
import type { Selection } from "./use-selection";

const ROW_PX = 48;
const words = texts.bookings;

type Props = {
  bookings: readonly Booking[];
  /** Of all that match, as far as it is known. */
  total: number | null;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Left out where nothing can be done with a selection. */
  selection: Selection | null;
  now: number;
  /** Called when the last rows come into sight. */
  onEnd: () => void;
  children?: ReactNode;
};

/** Draws only the rows in sight, so that a hundred thousand are as quick as ten. */
export function BookingsTable({ bookings, total, sort, onSort, selection, now, onEnd, children }: Props) {
  const { body, rows, before, behind } = useRowsInSight(bookings.length);
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= bookings.length - 20) onEnd();
  }, [lastShown, bookings.length, onEnd]);
  return (
    <>
      <table
        aria-label={words.table}
        aria-rowcount={total === null ? -1 : total + 1}
        className={styles.table}
        onKeyDown={moveByArrows}
      >
        <thead className={styles.head}>
          <tr aria-rowindex={1}>
            {selection && (
              <th className={styles.select}>
                <input
                  type="checkbox"
                  aria-label={words.selectAll}
                  checked={bookings.length > 0 && selection.refs.size === bookings.length}
                  ref={(box) => {
                    if (box) box.indeterminate = selection.refs.size > 0 && selection.refs.size < bookings.length;
                  }}
                  onChange={(event) => selection.setAll(event.target.checked ? bookings.map((b) => b.ref_id) : [])}
                />
              </th>
            )}
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Pad height={before} />
          {rows.map(({ index, key }) => {
            const booking = bookings[index];
            return (
              booking && (
                <Row
                  key={key}
                  booking={booking}
                  index={index}
                  now={now}
                  selected={selection?.refs.has(booking.ref_id)}
                  onSelect={selection?.set}
                />
              )
            );
          })}
          <Pad height={behind} />
        </tbody>
      </table>
      <div className={styles.end}>{children}</div>
    </>
  );
}

function useRowsInSight(count: number) {
  const [margin, setMargin] = useState(0);
  const body = useCallback((rows: HTMLElement | null) => {
    if (rows) setMargin(rows.getBoundingClientRect().top + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: margin,
  });
  const rows = virtualizer.getVirtualItems();
  const before = (rows[0]?.start ?? margin) - margin;
  const behind = virtualizer.getTotalSize() - ((rows.at(-1)?.end ?? margin) - margin);
  return { body, rows, before: Math.max(0, before), behind: Math.max(0, behind) };
}

/** Spans no columns: those that a narrow screen hides would come back as empty ones. */
function Pad({ height }: { height: number }) {
  if (height === 0) return null;
  return (
    <tr aria-hidden className={styles.pad}>
      <td style={{ height }} />
    </tr>
  );
}

type HeadProps = { column: Column; sort: Sort; onSort: (sort: Sort) => void };

function Head({ column, sort, onSort }: HeadProps) {
  if (!column.sorts) return <th className={column.className}>{column.name}</th>;
  const at = column.sorts.indexOf(sort);
  const next = column.sorts[(at + 1) % column.sorts.length] ?? sort;
  const descending = sort.startsWith("-");
  const Icon = at < 0 ? ArrowUpDown : descending ? ArrowDown : ArrowUp;
  return (
    <th className={column.className} aria-sort={at < 0 ? "none" : descending ? "descending" : "ascending"}>
      <button type="button" className={styles.sort} onClick={() => onSort(next)} title={words.sortBy(column.name)}>
        {column.name}
        <Icon aria-hidden />
      </button>
    </th>
  );
}

type RowProps = {
  booking: Booking;
  index: number;
  now: number;
  selected: boolean | undefined;
  onSelect: ((ref: string, on: boolean) => void) | undefined;
};

const Row = memo(function Row({ booking, index, now, selected, onSelect }: RowProps) {
  const [first] = useState(booking.revision);
  const { ref_id: ref } = booking;
  return (
    <tr aria-rowindex={index + 2} aria-selected={selected} className={styles.row}>
      {onSelect && (
        <td className={styles.select}>
          <input
            type="checkbox"
            aria-label={words.selectOne(ref)}
            checked={selected}
            onChange={(event) => onSelect(ref, event.target.checked)}
          />
        </td>
      )}
      {columns.map(({ id, className, show }) => (
        <td key={id} className={className}>
          {id === "status" && booking.revision !== first ? (
            <span key={booking.revision} className={styles.changed}>
              {show(booking, now)}
            </span>
          ) : (
            show(booking, now)
          )}
        </td>
      ))}
    </tr>
  );
});

/** Up and down move to the same thing in the next row. */
function moveByArrows(event: KeyboardEvent<HTMLTableElement>) {
  const way = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key] as
    | "nextElementSibling"
    | "previousElementSibling"
    | undefined;
  const cell = event.target instanceof HTMLElement ? event.target.closest("td") : null;
  const row = cell?.closest("tr")?.[way ?? "nextElementSibling"];
  if (!way || !cell || !row) return;
  const target = row.children[cell.cellIndex]?.querySelector<HTMLElement>("a, input");
  if (!target) return;
  event.preventDefault();
  target.focus();
}
