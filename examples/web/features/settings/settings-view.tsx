"use client";

import { useMay, useWho } from "@/lib/session";
import { texts } from "@/lib/texts";
import { PageHead } from "@/ui/page-head";
import { Accounts } from "./accounts";
import { ApiKeys } from "./api-keys";
import { Password } from "./password";
import styles from "./settings.module.css";
import { ThemeChoice } from "./theme-choice";
import { Webhooks } from "./webhooks";

const words = texts.settings;

export function SettingsView() {
  const who = useWho();
  const isAdmin = useMay("admin");
  const name = who.state === "in" ? who.name : null;
  const lead = who.state === "in" && name ? words.lead(name, texts.roles[who.role]) : texts.frame.openServer;
  return (
    <>
      <PageHead title={words.title} lead={lead} />
      <div className={styles.sections}>
        <ThemeChoice />
        {name && <Password />}
        {name && <ApiKeys />}
        {isAdmin && <Webhooks />}
        {isAdmin && <Accounts own={name} />}
      </div>
    </>
  );
}
