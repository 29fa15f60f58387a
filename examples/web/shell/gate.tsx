"use client";

import { Unplug } from "lucide-react";
import dynamic from "next/dynamic";
import { useState, type ReactNode } from "react";
import type { Who } from "@/lib/session";
import { texts } from "@/lib/texts";
import { Empty, Loading } from "@/ui/states";

const AccountPage = dynamic(() => import("@/features/account/account-page").then((m) => m.AccountPage));
const SignInAgain = dynamic(() => import("@/features/account/sign-in-again").then((m) => m.SignInAgain));

type Props = { who: Who; children: ReactNode };

/** Shows a page to who is signed in. The address stays, so signing in leads to where one was going. */
export function Gate({ who, children }: Props) {
  const [form, setForm] = useState<"sign-in" | "register">("sign-in");
  switch (who.state) {
    case "asking":
      return <Loading lines={8} />;
    case "unreachable":
      return (
        <Empty icon={Unplug} title={texts.account.unreachable}>
          {texts.account.unreachableLead}
        </Empty>
      );
    case "out":
      return <AccountPage form={form} onSwitch={setForm} />;
    case "in":
      return (
        <>
          {children}
          {who.over && <SignInAgain name={who.name} />}
        </>
      );
  }
}
