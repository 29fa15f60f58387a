"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { webhooksQuery } from "@/lib/queries";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Failed, Loading } from "@/ui/states";
import styles from "./settings.module.css";
import { WebhookDialog } from "./webhook-dialog";
import { WebhookRow } from "./webhook-row";

const words = texts.settings.webhooks;

/** Who else is told of events. */
export function Webhooks() {
  const list = useQuery(webhooksQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Panel
      title={words.title}
      about={words.about}
      flush
      actions={
        <Button size="small" onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      }
    >
      {list.isPending && (
        <div className={styles.pad}>
          <Loading lines={3} />
        </div>
      )}
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && <p className={styles.pad}>{words.none}</p>}
      <ul>
        {list.data?.items.map((hook) => (
          <WebhookRow key={hook.id} hook={hook} />
        ))}
      </ul>
      {adding && <WebhookDialog onClose={() => setAdding(false)} />}
    </Panel>
  );
}
