"use client";

import { useState, type ReactNode } from "react";
import { showRefusal, useCheckedForm } from "@/lib/forms";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Alert } from "@/ui/states";
import styles from "./account.module.css";
import { registerSchema, signInSchema } from "./schema";

export type Credentials = { name: string; password: string };

type Props = {
  kind: "sign-in" | "register";
  submit: string;
  /** Sends it; what it throws is shown. */
  onSend: (credentials: Credentials) => Promise<void>;
  /** Whose password is asked for, where it is known. */
  name?: string;
  children?: ReactNode;
};

export function CredentialsForm({ kind, submit, onSend, name = "", children }: Props) {
  const isNew = kind === "register";
  const form = useCheckedForm(isNew ? registerSchema : signInSchema, { name, password: "" });
  const [refused, setRefused] = useState<string | null>(null);
  const { errors, isSubmitting } = form.formState;
  const send = form.handleSubmit(async (values) => {
    setRefused(null);
    try {
      await onSend(values);
    } catch (error) {
      setRefused(showRefusal(form, error));
    }
  });
  return (
    <form className={styles.form} onSubmit={(event) => void send(event)} noValidate>
      {refused && <Alert kind="bad">{refused}</Alert>}
      <Field
        label={texts.account.name}
        hint={isNew ? texts.account.nameHint : undefined}
        error={errors.name?.message}
      >
        {(control) => (
          <input
            {...control}
            {...form.register("name")}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            readOnly={name !== ""}
          />
        )}
      </Field>
      <Field
        label={texts.account.password}
        hint={isNew ? texts.account.passwordHint : undefined}
        error={errors.password?.message}
      >
        {(control) => (
          <input
            {...control}
            {...form.register("password")}
            type="password"
            autoComplete={isNew ? "new-password" : "current-password"}
          />
        )}
      </Field>
      <Button type="submit" look="primary" busy={isSubmitting}>
        {submit}
      </Button>
      {children}
    </form>
  );
}
