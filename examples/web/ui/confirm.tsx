"use client";

import { texts } from "@/lib/texts";
import { Button } from "./button";
import { Dialog, DialogFoot } from "./dialog";
import { Refused } from "./states";

type Props = {
  title: string;
  text: string;
  confirm: string;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before what can not be undone. */
export function Confirm({ title, text, confirm, busy, error, onConfirm, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose} width="26rem">
      <p>{text}</p>
      {error !== null && <Refused error={error} />}
      <DialogFoot>
        <Button onClick={onClose}>{texts.common.cancel}</Button>
        <Button look="danger" busy={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
