"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { bookings } from "@/lib/api";
import { keys } from "@/lib/keys";
import { texts } from "@/lib/texts";
import { useDebounced } from "@/lib/use-debounced";
import { StatusBadge } from "@/ui/status-badge";
import { asPrefix, optionsFor, type Option } from "./palette-options";
import styles from "./palette.module.css";

const words = texts.palette;
const MOST_FOUND = 6;

/** Jumps to a booking or a page by a few letters. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const options = optionsFor(text, useFound(text));
  const chosen = Math.min(at, options.length - 1);
  const dialog = useModal();
  const id = useId();
  const router = useRouter();
  const go = (option: Option | undefined) => {
    if (!option) return;
    onClose();
    router.push(option.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((chosen + step + options.length) % Math.max(1, options.length));
    }
    if (event.key === "Enter") go(options[chosen]);
  };
  return (
    <dialog
      ref={dialog}
      aria-label={words.title}
      className={styles.palette}
      onClose={onClose}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
    >
      <div className={styles.search}>
        <Search aria-hidden />
        <input
          autoFocus
          role="combobox"
          aria-label={words.title}
          aria-expanded={options.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={options[chosen] ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={words.placeholder}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label={words.results} className={styles.list}>
        {options.map((option, index) => (
          <OptionRow
            key={option.href}
            id={`${id}-${index}`}
            option={option}
            chosen={index === chosen}
            onChoose={() => go(option)}
          />
        ))}
      </ul>
      <p role="status" className={styles.hint}>
        {options.length === 0 ? words.none : words.hint}
      </p>
    </dialog>
  );
}

type RowProps = { id: string; option: Option; chosen: boolean; onChoose: () => void };

function OptionRow({ id, option, chosen, onChoose }: RowProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const { icon: Icon, booking } = option;
  return (
    <li ref={row} id={id} role="option" aria-selected={chosen} className={styles.option} onClick={onChoose}>
      <Icon aria-hidden />
      <span className={booking && "code"}>{option.name}</span>
      {booking && (
        <span className={styles.about}>
          {booking.origin} → {booking.destination} <StatusBadge status={booking.status} />
        </span>
      )}
    </li>
  );
}

function useFound(text: string) {
  const prefix = asPrefix(useDebounced(text));
  const found = useQuery({
    queryKey: [...keys.bookings, "prefix", prefix],
    queryFn: ({ signal }) => bookings.list({ ref_prefix: prefix ?? "", sort: "ref_id", page_size: MOST_FOUND }, signal),
    enabled: prefix !== null,
    placeholderData: keepPreviousData,
  });
  return prefix === null ? [] : (found.data?.items ?? []);
}

function useModal() {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return ref;
}
