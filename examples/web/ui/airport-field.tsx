"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState, type KeyboardEvent, type Ref } from "react";
import type { Airport } from "@/lib/api";
import { classes } from "@/lib/classes";
import { limits } from "@/lib/limits";
import { airportSearchQuery } from "@/lib/queries";
import { texts } from "@/lib/texts";
import { useAirport } from "@/lib/use-airport";
import { useDebounced } from "@/lib/use-debounced";
import styles from "./airport-field.module.css";
import { Field } from "./field";

type Props = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  error?: string | undefined;
  optional?: boolean;
  name?: string;
  ref?: Ref<HTMLInputElement>;
  className?: string;
};

const words = texts.airports;

/** An airport by its code, its city or its name. The value is a code as soon as one is chosen. */
export function AirportField({ label, value, onChange, onBlur, error, optional, name, ref, className }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const isCode = limits.airportCode.test(value);
  const chosen = useAirport(isCode && !open ? value.toUpperCase() : undefined);
  const found = useFound(value, open);
  const options = found ?? [];
  const index = Math.min(at, options.length - 1);

  const choose = (airport: Airport) => {
    onChange(airport.code);
    setOpen(false);
  };
  const type = (text: string) => {
    onChange(text);
    setAt(0);
    setOpen(text.trim() !== "");
  };
  const leave = () => {
    setOpen(false);
    if (isCode) onChange(value.toUpperCase());
    onBlur?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!open) setOpen(value.trim() !== "");
      else if (options.length > 0) setAt((index + step + options.length) % options.length);
    }
    const highlighted = open ? options[index] : undefined;
    if (!highlighted) return;
    if (event.key === "Enter") {
      event.preventDefault();
      choose(highlighted);
    }
    if (event.key === "Tab" && !isCode) choose(highlighted);
  };

  return (
    <Field
      label={label}
      optional={optional}
      error={error}
      className={className}
      hint={chosen ? `${chosen.city || chosen.name}, ${chosen.country}` : words.hint}
    >
      {(control) => (
        <div className={styles.box}>
          <input
            {...control}
            ref={ref}
            name={name}
            className={classes(control.className, styles.control, !isCode && styles.typing)}
            role="combobox"
            aria-expanded={open}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={open && options[index] ? `${id}-${index}` : undefined}
            autoComplete="off"
            spellCheck={false}
            value={value}
            onChange={(event) => type(event.target.value)}
            onBlur={leave}
            onKeyDown={onKeyDown}
          />
          <ul
            id={`${id}-list`}
            role="listbox"
            aria-label={label}
            hidden={!open || found === undefined}
            className={styles.list}
          >
            {options.map((airport, position) => (
              <li
                key={airport.code}
                id={`${id}-${position}`}
                role="option"
                aria-selected={position === index}
                className={styles.option}
                // The field keeps the focus while its list is pressed.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(airport)}
              >
                <span className={classes("code", styles.code)}>{airport.code}</span>
                <span>
                  {airport.city || airport.name}, {airport.country}
                </span>
                <span className={styles.name}>{airport.name}</span>
              </li>
            ))}
            {found?.length === 0 && (
              <li role="option" aria-selected={false} aria-disabled className={styles.none}>
                {words.none}
              </li>
            )}
          </ul>
          <span role="status" className="visually-hidden">
            {open && found ? words.results(found.length) : ""}
          </span>
        </div>
      )}
    </Field>
  );
}

function useFound(text: string, open: boolean): Airport[] | undefined {
  const wanted = useDebounced(text.trim(), 120);
  const answer = useQuery({
    ...airportSearchQuery(wanted),
    enabled: open && wanted !== "",
    placeholderData: keepPreviousData,
  });
  return answer.data?.items;
}
