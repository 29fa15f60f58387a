"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { apiKeys, type ApiKey } from "@/lib/api";
import { keys } from "@/lib/keys";
import { limits } from "@/lib/limits";
import { apiKeysQuery } from "@/lib/queries";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Field } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed, Loading, Refused } from "@/ui/states";
import { When } from "@/ui/when";
import styles from "./settings.module.css";
import { ShownOnce } from "./shown-once";

const words = texts.settings.keys;

/** Keys for programs that act as this account. */
export function ApiKeys() {
  const list = useQuery(apiKeysQuery);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <Panel title={words.title} about={words.about} flush>
      <div className={styles.pad}>
        <MakeKey />
      </div>
      {list.isPending && (
        <div className={styles.pad}>
          <Loading lines={3} />
        </div>
      )}
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && <p className={styles.pad}>{words.none}</p>}
      {list.data && list.data.items.length > 0 && <KeyTable items={list.data.items} onRevoke={setRevoking} />}
      {revoking && <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Panel>
  );
}

function MakeKey() {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: apiKeys.make,
    retry: false, // a second one would be another key
    onSuccess: async () => {
      setName("");
      setTried(false);
      await client.invalidateQueries({ queryKey: keys.apiKeys });
    },
  });
  const wrong = name.trim() === "" ? texts.checks.required : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!wrong && !make.isPending) make.mutate(name.trim());
      }}
      noValidate
    >
      <div className={styles.line}>
        <Field label={words.name} hint={words.nameHint} error={tried ? wrong : undefined}>
          {(control) => (
            <input
              {...control}
              value={name}
              maxLength={limits.apiKeyName}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={make.isPending}>
          {words.make}
        </Button>
      </div>
      {make.isError && <Refused error={make.error} />}
      {make.data && <ShownOnce text={words.shownOnce} secret={make.data.key} />}
    </form>
  );
}

function KeyTable({ items, onRevoke }: { items: readonly ApiKey[]; onRevoke: (key: ApiKey) => void }) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{words.name}</th>
            <th>{words.begins}</th>
            <th>{words.created}</th>
            <th>
              <span className="visually-hidden">{words.revoke}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((key) => (
            <tr key={key.id}>
              <td>{key.name}</td>
              <td className="code">{key.prefix}…</td>
              <td>
                <When at={key.created_at} />
              </td>
              <td>
                {key.revoked_at ? (
                  <span className={styles.gone}>{words.revoked}</span>
                ) : (
                  <Button size="small" look="danger" aria-label={words.revokeNamed(key.name)} onClick={() => onRevoke(key)}>
                    {words.revoke}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => apiKeys.revoke(apiKey.id),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: keys.apiKeys });
    },
  });
  return (
    <Confirm
      title={words.revokeNamed(apiKey.name)}
      text={words.revokeText}
      confirm={words.revoke}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    />
  );
}
