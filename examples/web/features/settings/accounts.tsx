"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { accounts, type Account, type Role } from "@/lib/api";
import { keys } from "@/lib/keys";
import { accountsQuery } from "@/lib/queries";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { controlClass } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed, Loading, Refused } from "@/ui/states";
import styles from "./settings.module.css";

const words = texts.settings.accounts;
const roles: readonly Role[] = ["viewer", "agent", "admin"];

/** Who may do what. `own` is left alone, so that nobody shuts himself out. */
export function Accounts({ own }: { own: string | null }) {
  const list = useInfiniteQuery(accountsQuery);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={words.title} about={words.about} flush>
      {list.isPending && (
        <div className={styles.pad}>
          <Loading lines={3} />
        </div>
      )}
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {items.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{words.name}</th>
                <th>{words.role}</th>
                <th>
                  <span className="visually-hidden">{words.access}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((account) => (
                <AccountRow key={account.name} account={account} own={account.name === own} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <div className={styles.pad}>
          <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {texts.common.more}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function AccountRow({ account, own }: { account: Account; own: boolean }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (to: { role?: Role; enabled?: boolean }) => accounts.change(account.name, to),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.accounts }),
  });
  return (
    <tr>
      <td className={account.enabled ? undefined : styles.gone}>
        {account.name} {own && <span className={styles.about}>{words.you}</span>}
        {change.isError && <Refused error={change.error} />}
      </td>
      <td>
        <select
          className={controlClass}
          aria-label={words.roleOf(account.name)}
          value={account.role}
          disabled={own || change.isPending}
          onChange={(event) => change.mutate({ role: event.target.value as Role })}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {texts.roles[role]}
            </option>
          ))}
        </select>
      </td>
      <td>
        <Button
          size="small"
          look={account.enabled ? "danger" : "plain"}
          disabled={own}
          busy={change.isPending}
          aria-label={(account.enabled ? words.shutOutNamed : words.letInNamed)(account.name)}
          onClick={() => change.mutate({ enabled: !account.enabled })}
        >
          {account.enabled ? words.shutOut : words.letIn}
        </Button>
      </td>
    </tr>
  );
}
