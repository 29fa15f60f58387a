"use client";

import { useState } from "react";
import { isConflict, type Act, type Booking } from "@/lib/api";
import { showRefusal, useCheckedForm, useDraft } from "@/lib/forms";
import { notify } from "@/lib/notices";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Dialog, DialogFoot } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Alert } from "@/ui/states";
import { actSchema, noActValues, planned } from "./act-form";
import styles from "./acts.module.css";
import { Conflict } from "./conflict";
import { OtherPlace } from "./other-place";
import { useAct } from "./use-act";

type Props = { act: Act; booking: Booking; onClose: () => void };

const words = texts.booking;

/** Says what will be recorded, and records it. */
export function ActDialog({ act, booking, onClose }: Props) {
  // What was on the screen when the decision was made, whatever becomes of it meanwhile.
  const [seen, setSeen] = useState(booking);
  const form = useCheckedForm(actSchema, noActValues);
  const forget = useDraft(form, `act:${booking.ref_id}:${act}`);
  const sent = useAct(booking, act);
  const [refused, setRefused] = useState<string | null>(null);
  const { errors } = form.formState;
  const conflict = isConflict(sent.error);

  const send = form.handleSubmit(async (values) => {
    setRefused(null);
    try {
      const now = await sent.mutateAsync({ values, revision: seen.revision });
      forget();
      notify(words.done(now.ref_id, texts.status[now.status].toLowerCase()));
      onClose();
    } catch (error) {
      if (!isConflict(error)) setRefused(showRefusal(form, error));
    }
  });

  if (conflict) {
    return (
      <Conflict
        act={act}
        seen={seen}
        now={booking}
        onClose={onClose}
        onGoOn={() => {
          setSeen(booking);
          sent.reset();
        }}
      />
    );
  }
  return (
    <Dialog title={act === "cancel" ? words.cancelTitle(booking.ref_id) : words.actTitle(texts.acts[act], booking.ref_id)} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void send(event)} noValidate>
        {act === "cancel" ? <p>{words.cancelLead}</p> : <Recorded act={act} booking={booking} />}
        {refused && <Alert kind="bad">{refused}</Alert>}
        <Field label={words.notes} optional error={errors.notes?.message}>
          {(control) => <textarea {...control} {...form.register("notes")} />}
        </Field>
        {act !== "cancel" && <OtherPlace form={form} act={act} booking={booking} />}
        <DialogFoot>
          <Button onClick={onClose}>{act === "cancel" ? words.keep : texts.common.cancel}</Button>
          <Button type="submit" look={act === "cancel" ? "danger" : "primary"} busy={sent.isPending}>
            {act === "cancel" ? words.confirmCancel : words.confirm(texts.acts[act].toLowerCase())}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function Recorded({ act, booking }: { act: Act; booking: Booking }) {
  const { location, flight } = planned(booking, act);
  return (
    <dl className={styles.record}>
      <dt>{words.place}</dt>
      <dd className="code">{location}</dd>
      {flight && (
        <>
          <dt>{words.flight}</dt>
          <dd className="code">{flight}</dd>
        </>
      )}
    </dl>
  );
}
