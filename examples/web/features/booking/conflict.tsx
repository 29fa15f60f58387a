"use client";

import { useQuery } from "@tanstack/react-query";
import { allowedActs } from "@/lib/acts";
import type { Act, Booking } from "@/lib/api";
import { historyQuery } from "@/lib/queries";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Dialog, DialogFoot } from "@/ui/dialog";
import { Alert } from "@/ui/states";
import { StatusBadge } from "@/ui/status-badge";
import { When } from "@/ui/when";
import styles from "./acts.module.css";

type Props = { act: Act; seen: Booking; now: Booking; onClose: () => void; onGoOn: () => void };

const words = texts.booking.conflict;

/** Somebody else was quicker: shows what happened since, and leaves the decision to who decides. */
export function Conflict({ act, seen, now, onClose, onGoOn }: Props) {
  const history = useQuery({ ...historyQuery(seen.ref_id), staleTime: 0 });
  const since = history.data?.events.filter((event) => event.seq > seen.revision) ?? [];
  const still = now.revision > seen.revision && allowedActs(now).includes(act);
  return (
    <Dialog title={words.title(seen.ref_id)} onClose={onClose}>
      <Alert kind="warn">{words.lead(texts.acts[act].toLowerCase())}</Alert>
      <ol className={styles.happened} aria-label={words.since}>
        {since.map((event) => (
          <li key={event.seq}>
            <span>
              <StatusBadge status={event.event_type} /> {event.location && <span className="code">{event.location}</span>}{" "}
              {event.actor && texts.booking.by(event.actor)}
            </span>
            <When at={event.created_at} inline />
          </li>
        ))}
      </ol>
      {!still && now.revision > seen.revision && <p>{words.notAnyMore(texts.acts[act].toLowerCase())}</p>}
      <DialogFoot>
        <Button look={still ? "plain" : "primary"} onClick={onClose}>
          {words.leave}
        </Button>
        {still && (
          <Button look={act === "cancel" ? "danger" : "primary"} onClick={onGoOn}>
            {words.goOn(texts.acts[act].toLowerCase())}
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}
