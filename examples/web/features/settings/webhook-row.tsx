"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { webhooks, type Webhook } from "@/lib/api";
import { keys } from "@/lib/keys";
import { notify } from "@/lib/notices";
import { deliveriesQuery } from "@/lib/queries";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Alert, Refused } from "@/ui/states";
import styles from "./settings.module.css";
import { WebhookDialog } from "./webhook-dialog";

const words = texts.settings.webhooks;

export function WebhookRow({ hook }: { hook: Webhook }) {
  const client = useQueryClient();
  const [open, setOpen] = useState<"change" | "remove" | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: keys.webhooks });
  const turn = useMutation({
    mutationFn: () => webhooks.change(hook.id, { enabled: !hook.enabled }),
    onSuccess: refresh,
  });
  const remove = useMutation({ mutationFn: () => webhooks.remove(hook.id), onSuccess: refresh });
  const test = useMutation({ mutationFn: () => webhooks.test(hook.id), retry: false });
  const close = () => setOpen(null);
  return (
    <li className={styles.hook}>
      <div>
        <p className={styles.url}>{hook.url}</p>
        <p className={styles.about}>
          {hook.enabled ? words.on : words.off} · {choiceOf(hook)}
        </p>
      </div>
      <div className={styles.buttons}>
        <Button size="small" busy={test.isPending} onClick={() => test.mutate()}>
          {words.test}
        </Button>
        <Button size="small" busy={turn.isPending} onClick={() => turn.mutate()}>
          {hook.enabled ? words.turnOff : words.turnOn}
        </Button>
        <Button size="small" onClick={() => setOpen("change")}>
          {words.change}
        </Button>
        <Button size="small" look="danger" onClick={() => setOpen("remove")}>
          {words.remove}
        </Button>
      </div>
      <div className={styles.whole}>
        {test.data && (
          <Alert kind={test.data.arrived ? "good" : "warn"}>
            {test.data.arrived ? words.arrived(test.data.took_ms) : words.failed(test.data.error, test.data.status)}
          </Alert>
        )}
        {(test.error ?? turn.error) && <Refused error={test.error ?? turn.error} />}
        <Undelivered hook={hook} />
      </div>
      {open === "change" && <WebhookDialog hook={hook} onClose={close} />}
      {open === "remove" && (
        <Confirm
          title={words.removeTitle}
          text={words.removeText(hook.url)}
          confirm={words.remove}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={close}
        />
      )}
    </li>
  );
}

function choiceOf({ statuses, airports }: Webhook): string {
  const states = statuses.length > 0 ? statuses.map((status) => texts.status[status]).join(", ") : words.allStatuses;
  return airports.length > 0 ? `${states} · ${airports.join(", ")}` : states;
}

/** What could not be handed over, and another try. */
function Undelivered({ hook }: { hook: Webhook }) {
  const client = useQueryClient();
  const { data } = useQuery(deliveriesQuery(hook.id));
  const again = useMutation({
    mutationFn: () => webhooks.redeliver(hook.id),
    onSuccess: async ({ redelivered }) => {
      notify(words.redelivered(redelivered));
      await client.invalidateQueries({ queryKey: keys.deliveries(hook.id) });
    },
  });
  const dead = data?.items.filter((delivery) => delivery.state === "dead") ?? [];
  const last = dead[0]?.last_error;
  if (dead.length === 0) return null;
  return (
    <Alert kind="warn">
      <p>
        {words.dead(dead.length)} {last}
      </p>
      <div>
        <Button size="small" busy={again.isPending} onClick={() => again.mutate()}>
          {words.redeliver}
        </Button>
      </div>
    </Alert>
  );
}
