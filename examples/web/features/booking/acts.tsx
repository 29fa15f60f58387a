"use client";

import { useState } from "react";
import { allowedActs } from "@/lib/acts";
import type { Act, Booking } from "@/lib/api";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { ActDialog } from "./act-dialog";
import styles from "./acts.module.css";

const words = texts.booking;

/** What may be done now, what comes next first; and why the rest may not. */
export function Acts({ booking }: { booking: Booking }) {
  const [chosen, setChosen] = useState<Act | null>(null);
  const possible = allowedActs(booking);
  return (
    <Panel title={words.acts}>
      {possible.length > 0 && (
        <div className={styles.acts}>
          {possible.map((act, at) => (
            <Button key={act} look={lookOf(act, at)} onClick={() => setChosen(act)}>
              {words.actName(texts.acts[act], act === "cancel" ? undefined : placeOf(booking, act))}
            </Button>
          ))}
        </div>
      )}
      {!possible.includes("cancel") && <p className={styles.why}>{words.noCancel[booking.status]}</p>}
      {chosen && <ActDialog key={chosen} act={chosen} booking={booking} onClose={() => setChosen(null)} />}
    </Panel>
  );
}

function lookOf(act: Act, at: number) {
  if (act === "cancel") return "danger";
  return at === 0 ? "primary" : "plain";
}

function placeOf(booking: Booking, act: Act): string | undefined {
  return booking.next_activity?.act === act ? booking.next_activity.location : undefined;
}
