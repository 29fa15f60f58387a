"use client";

import { useForget, useSignIn } from "@/lib/session";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { CredentialsForm } from "./credentials-form";

/** The session ended in the middle of something: signing in again leads back into it. */
export function SignInAgain({ name }: { name: string | null }) {
  const signIn = useSignIn();
  const forget = useForget();
  return (
    <Dialog title={texts.account.over} width="24rem">
      <p>{texts.account.overLead}</p>
      <CredentialsForm
        kind="sign-in"
        submit={texts.account.signIn}
        name={name ?? ""}
        onSend={async (who) => void (await signIn.mutateAsync(who))}
      >
        <Button look="quiet" onClick={forget}>
          {texts.account.otherAccount}
        </Button>
      </CredentialsForm>
    </Dialog>
  );
}
