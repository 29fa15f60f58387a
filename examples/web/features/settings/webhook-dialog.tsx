"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { webhooks, type BookingStatus, type Webhook } from "@/lib/api";
import { codeList, codesOf } from "@/lib/checks";
import { showRefusal, useCheckedForm, useDraft } from "@/lib/forms";
import { keys } from "@/lib/keys";
import { limits } from "@/lib/limits";
import { texts } from "@/lib/texts";
import * as z from "@/lib/zod";
import { Button } from "@/ui/button";
import { Dialog, DialogFoot } from "@/ui/dialog";
import { Check, Field } from "@/ui/field";
import { Alert } from "@/ui/states";
import { statuses } from "../bookings/filters";
import styles from "./settings.module.css";
import { ShownOnce } from "./shown-once";

const words = texts.settings.webhooks;

const schema = z.object({
  url: z.string().check(
    z.trim(),
    z.regex(limits.webhookUrl.pattern, texts.checks.url),
    z.maxLength(limits.webhookUrl.length, texts.checks.atMost(limits.webhookUrl.length)),
  ),
  statuses: z.array(z.string()),
  airports: codeList(limits.airportCode, limits.webhookAirports, texts.checks.webhookAirports),
});

/** A new webhook, or another address and choice for one. */
export function WebhookDialog({ hook, onClose }: { hook?: Webhook; onClose: () => void }) {
  const client = useQueryClient();
  const form = useCheckedForm(schema, {
    url: hook?.url ?? "",
    statuses: hook?.statuses ?? [],
    airports: hook?.airports.join(", ") ?? "",
  });
  const forget = useDraft(form, `webhook:${hook?.id ?? "new"}`);
  const [refused, setRefused] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { errors, isSubmitting } = form.formState;
  const send = form.handleSubmit(async (values) => {
    setRefused(null);
    const body = { url: values.url, statuses: values.statuses as BookingStatus[], airports: codesOf(values.airports) };
    try {
      const made = hook ? await webhooks.change(hook.id, body) : await webhooks.make(body);
      forget();
      await client.invalidateQueries({ queryKey: keys.webhooks });
      if ("secret" in made && typeof made.secret === "string") setSecret(made.secret);
      else onClose();
    } catch (error) {
      setRefused(showRefusal(form, error));
    }
  });
  return (
    <Dialog title={hook ? words.change : words.add} onClose={onClose}>
      {secret ? (
        <>
          <ShownOnce text={words.shownOnce} secret={secret} />
          <DialogFoot>
            <Button onClick={onClose}>{texts.common.close}</Button>
          </DialogFoot>
        </>
      ) : (
        <form onSubmit={(event) => void send(event)} noValidate style={{ display: "grid", gap: "1rem" }}>
          {refused && <Alert kind="bad">{refused}</Alert>}
          <Field label={words.url} error={errors.url?.message}>
            {(control) => <input {...control} {...form.register("url")} inputMode="url" autoComplete="off" />}
          </Field>
          <fieldset>
            <legend>{words.statuses}</legend>
            <div className={styles.statuses}>
              {statuses.map((status) => (
                <Check key={status} {...form.register("statuses")} value={status} label={texts.status[status]} />
              ))}
            </div>
          </fieldset>
          <Field label={words.airports} optional hint={words.airportsHint} error={errors.airports?.message}>
            {(control) => <input {...control} {...form.register("airports")} autoComplete="off" spellCheck={false} />}
          </Field>
          <DialogFoot>
            <Button onClick={onClose}>{texts.common.cancel}</Button>
            <Button type="submit" look="primary" busy={isSubmitting}>
              {hook ? texts.common.save : words.add}
            </Button>
          </DialogFoot>
        </form>
      )}
    </Dialog>
  );
}
