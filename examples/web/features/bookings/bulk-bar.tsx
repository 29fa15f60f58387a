"use client";

import { Download, X } from "lucide-react";
import { useState } from "react";
import type { Act, Booking } from "@/lib/api";
import { acts, mayBeAllowed } from "@/lib/acts";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import styles from "./bulk-bar.module.css";
import { BulkDialog } from "./bulk-dialog";
import { save } from "./use-export";

type Props = { selected: readonly Booking[]; onClear: () => void };

const words = texts.bookings;

/** What can be done with the ticked rows. */
export function BulkBar({ selected, onClear }: Props) {
  const [act, setAct] = useState<Act | null>(null);
  if (selected.length === 0 && act === null) return null;
  return (
    <>
      <div role="group" aria-label={words.selected(selected.length)} className={styles.bar}>
        <span role="status" className={styles.count}>
          {words.selected(selected.length)}
        </span>
        {acts.map((each) => (
          <Button
            key={each}
            size="small"
            look={each === "cancel" ? "danger" : "plain"}
            disabled={!selected.some((booking) => mayBeAllowed(booking.status, each))}
            onClick={() => setAct(each)}
          >
            {texts.acts[each]}
          </Button>
        ))}
        <Button size="small" onClick={() => save(selected)}>
          <Download aria-hidden />
          {words.exportSelected}
        </Button>
        <Button size="small" look="quiet" aria-label={words.clearSelection} onClick={onClear}>
          <X aria-hidden />
        </Button>
      </div>
      {act && <BulkDialog act={act} selected={selected} onClose={() => setAct(null)} onDone={onClear} />}
    </>
  );
}
