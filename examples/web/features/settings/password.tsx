"use client";

import { useState } from "react";
import { accounts, Refusal } from "@/lib/api";
import { showRefusal, useCheckedForm } from "@/lib/forms";
import { notify } from "@/lib/notices";
import { texts } from "@/lib/texts";
import * as z from "@/lib/zod";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Alert } from "@/ui/states";
import { newPassword } from "../account/schema";
import styles from "./settings.module.css";

const words = texts.settings;

const schema = z.object({
  password: z.string().check(z.minLength(1, texts.checks.required)),
  new_password: newPassword,
});

export function Password() {
  const form = useCheckedForm(schema, { password: "", new_password: "" });
  const [refused, setRefused] = useState<string | null>(null);
  const { errors, isSubmitting } = form.formState;
  const send = form.handleSubmit(async (values) => {
    setRefused(null);
    try {
      await accounts.changePassword(values);
      form.reset();
      notify(words.passwordChanged);
    } catch (error) {
      if (error instanceof Refusal && error.code === "invalid_credentials") {
        form.setError("password", { message: words.wrongPassword }, { shouldFocus: true });
      } else {
        setRefused(showRefusal(form, error));
      }
    }
  });
  return (
    <Panel title={words.password}>
      <form className={styles.form} onSubmit={(event) => void send(event)} noValidate>
        {refused && <Alert kind="bad">{refused}</Alert>}
        <Field label={words.presentPassword} error={errors.password?.message}>
          {(control) => (
            <input {...control} {...form.register("password")} type="password" autoComplete="current-password" />
          )}
        </Field>
        <Field label={words.newPassword} hint={texts.account.passwordHint} error={errors.new_password?.message}>
          {(control) => (
            <input {...control} {...form.register("new_password")} type="password" autoComplete="new-password" />
          )}
        </Field>
        <div>
          <Button type="submit" busy={isSubmitting}>
            {words.changePassword}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
