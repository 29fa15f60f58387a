"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Act, Booking } from "@/lib/api";
import { capitalised } from "@/lib/failures";
import { useIdempotencyKeys } from "@/lib/forms";
import { bytes, limits } from "@/lib/limits";
import { notify } from "@/lib/notices";
import { counted } from "@/lib/numbers";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Dialog, DialogFoot } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Alert, Refused } from "@/ui/states";
import styles from "./bulk-bar.module.css";
import { actOnMany, showOutcome, split, type Outcome } from "./bulk";

type Props = { act: Act; selected: readonly Booking[]; onClose: () => void; onDone: () => void };

const words = texts.bookings;

/** Says what will happen to how many, does it, and says what was refused and why. */
export function BulkDialog({ act, selected, onClose, onDone }: Props) {
  const client = useQueryClient();
  const keyOf = useIdempotencyKeys();
  // As they stood when it was opened: what happens meanwhile is refused by the server, and told.
  const [{ able, unable }] = useState(() => split(selected, act));
  const [notes, setNotes] = useState("");
  const tooLong = bytes(notes) > limits.notesBytes;
  const send = useMutation({
    mutationFn: () => actOnMany(able, act, notes.trim(), keyOf),
    onSuccess: (outcome) => {
      showOutcome(client, outcome);
      if (outcome.refused.length > 0) return;
      notify(words.bulkDone(outcome.done.length, texts.status[statusAfter(act)].toLowerCase()));
      onDone();
      onClose();
    },
  });
  const close = () => {
    if (send.data) onDone();
    onClose();
  };
  return (
    <Dialog title={words.bulkTitle(texts.acts[act], able.length)} onClose={close}>
      {send.data ? (
        <Refusals outcome={send.data} act={act} />
      ) : (
        <>
          <p>{able.length > 0 ? words.bulkLead(able.length) : words.bulkNone}</p>
          {unable.length > 0 && <p>{words.bulkUnable(unable.length, statusesOf(unable))}</p>}
          <Field label={words.notes} optional error={tooLong ? texts.checks.notes : undefined}>
            {(control) => <textarea {...control} value={notes} onChange={(event) => setNotes(event.target.value)} />}
          </Field>
          {send.isError && <Refused error={send.error} />}
        </>
      )}
      <DialogFoot>
        <Button onClick={close}>{send.data ? texts.common.close : texts.common.cancel}</Button>
        {!send.data && (
          <Button
            look={act === "cancel" ? "danger" : "primary"}
            busy={send.isPending}
            disabled={able.length === 0 || tooLong}
            onClick={() => send.mutate()}
          >
            {words.bulkConfirm(texts.acts[act], able.length)}
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}

function Refusals({ outcome, act }: { outcome: Outcome; act: Act }) {
  return (
    <>
      {outcome.done.length > 0 && (
        <Alert kind="good">{words.bulkDone(outcome.done.length, texts.status[statusAfter(act)].toLowerCase())}</Alert>
      )}
      <Alert kind="warn">{words.bulkRefused(outcome.refused.length)}</Alert>
      <ul className={styles.refused} tabIndex={0} aria-label={words.bulkRefused(outcome.refused.length)}>
        {outcome.refused.map(({ ref, why }) => (
          <li key={ref}>
            <span className="code">{ref}</span>
            <span>{capitalised(why)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function statusAfter(act: Act) {
  return ({ depart: "DEPARTED", arrive: "ARRIVED", deliver: "DELIVERED", cancel: "CANCELLED" } as const)[act];
}

/** Such as "3 delivered, 1 cancelled". */
function statusesOf(bookings: readonly Booking[]): string {
  const counts = new Map<string, number>();
  for (const { status } of bookings) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .map(([status, n]) => {
      const word = texts.status[status as Booking["status"]].toLowerCase();
      return counted(n, { one: word, other: word });
    })
    .join(", ");
}
