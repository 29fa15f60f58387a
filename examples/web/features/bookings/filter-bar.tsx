"use client";

import { useState } from "react";
import { limits } from "@/lib/limits";
import { texts } from "@/lib/texts";
import { AirportField } from "@/ui/airport-field";
import { Field } from "@/ui/field";
import styles from "./filter-bar.module.css";
import { sorts, statuses, type Filters } from "./filters";

type Props = { filters: Filters; onChange: (change: Partial<Filters>) => void };

const words = texts.bookings;

/** Each change takes effect at once. */
export function FilterBar({ filters, onChange }: Props) {
  return (
    <form role="search" aria-label={words.filters} className={styles.bar} onSubmit={(event) => event.preventDefault()}>
      <RefFilter value={filters.ref} onChange={(ref) => onChange({ ref })} />
      <Field label={words.status}>
        {(control) => (
          <select
            {...control}
            value={filters.status}
            onChange={(event) => onChange({ status: event.target.value as Filters["status"] })}
          >
            <option value="">{words.anyStatus}</option>
            {statuses.map((status) => (
              <option key={status} value={status}>
                {texts.status[status]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <CodeFilter label={texts.common.from} value={filters.origin} onChange={(origin) => onChange({ origin })} />
      <CodeFilter
        label={texts.common.to}
        value={filters.destination}
        onChange={(destination) => onChange({ destination })}
      />
      <DayFilter label={words.createdFrom} value={filters.from} onChange={(from) => onChange({ from })} />
      <DayFilter label={words.createdTo} value={filters.to} onChange={(to) => onChange({ to })} />
      <Field label={words.order}>
        {(control) => (
          <select
            {...control}
            value={filters.ref ? "ref_id" : filters.sort}
            disabled={filters.ref !== ""}
            onChange={(event) => onChange({ sort: event.target.value as Filters["sort"] })}
          >
            {sorts.map((sort) => (
              <option key={sort} value={sort}>
                {words.orders[sort]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </form>
  );
}

type PartProps = { label: string; value: string; onChange: (value: string) => void };

function RefFilter({ value, onChange }: Omit<PartProps, "label">) {
  const [text, setText] = useFollowing(value);
  const wrong = text !== "" && !limits.refPrefix.test(text) && !"ACB".startsWith(text.toUpperCase());
  return (
    <Field label={words.ref} hint={words.refHint} error={wrong ? texts.checks.refPrefix : undefined}>
      {(control) => (
        <input
          {...control}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            const typed = event.target.value.trim();
            setText(typed);
            if (typed === "" || limits.refPrefix.test(typed)) onChange(typed.toUpperCase());
          }}
        />
      )}
    </Field>
  );
}

/** Filters once a whole code stands there. */
function CodeFilter({ label, value, onChange }: PartProps) {
  const [text, setText] = useFollowing(value);
  return (
    <AirportField
      label={label}
      value={text}
      onChange={(typed) => {
        setText(typed);
        if (typed === "" || limits.airportCode.test(typed)) onChange(typed.toUpperCase());
      }}
    />
  );
}

function DayFilter({ label, value, onChange }: PartProps) {
  return (
    <Field label={label} hint={texts.common.utc}>
      {(control) => (
        <input {...control} type="date" value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

/** What is typed; when the filter is changed elsewhere, that. */
function useFollowing(value: string): [string, (text: string) => void] {
  const [state, setState] = useState({ value, text: value });
  if (state.value !== value) setState({ value, text: value });
  return [state.text, (text) => setState((before) => ({ ...before, text }))];
}
