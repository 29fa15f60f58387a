"use client";

import { useState } from "react";
import { accounts } from "@/lib/api";
import { useSignIn } from "@/lib/session";
import { texts } from "@/lib/texts";
import { Mark } from "@/shell/mark";
import { Alert } from "@/ui/states";
import styles from "./account.module.css";
import { Arcs } from "./arcs";
import { CredentialsForm, type Credentials } from "./credentials-form";

export type AccountForm = "sign-in" | "register";

const words = texts.account;

/** For who is not signed in. */
export function AccountPage({ form, onSwitch }: { form: AccountForm; onSwitch: (form: AccountForm) => void }) {
  const isNew = form === "register";
  return (
    <div className={styles.page}>
      <header className={styles.poster}>
        <Arcs />
        <p className={styles.brand}>
          <Mark />
          {texts.product}
        </p>
        <p className={styles.claim}>{texts.description}</p>
      </header>
      <main id="main" className={styles.side}>
        <div className={styles.box}>
          <header className={styles.head}>
            <h1>{isNew ? words.register : words.signIn}</h1>
            <p>{isNew ? words.registerLead : words.signInLead}</p>
          </header>
          {isNew ? <Register key="new" onMade={() => onSwitch("sign-in")} /> : <SignIn key="old" />}
          <p className={styles.other}>
            {isNew ? words.haveAccount : words.noAccount}
            <button type="button" onClick={() => onSwitch(isNew ? "sign-in" : "register")}>
              {isNew ? words.signIn : words.register}
            </button>
          </p>
        </div>
      </main>
    </div>
  );
}

function SignIn() {
  const signIn = useSignIn();
  return (
    <CredentialsForm kind="sign-in" submit={words.signIn} onSend={async (who) => void (await signIn.mutateAsync(who))} />
  );
}

function Register({ onMade }: { onMade: () => void }) {
  const signIn = useSignIn();
  const [made, setMade] = useState<string | null>(null);
  const send = async (who: Credentials) => {
    await accounts.register(who);
    setMade(who.name);
    await signIn.mutateAsync(who).catch(onMade);
  };
  return (
    <>
      {made && signIn.isError && <Alert kind="plain">{words.registered(made)}</Alert>}
      <CredentialsForm kind="register" submit={words.register} onSend={send} />
    </>
  );
}
