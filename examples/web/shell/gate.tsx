"use client";

import { Unplug } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState, type ReactNode } from "react";
import { patiently, whenIdle } from "@/lib/patient-import";
import type { Who } from "@/lib/session";
import { texts } from "@/lib/texts";
import { Boundary, NotLoaded } from "@/ui/boundary";
import { Empty, Loading } from "@/ui/states";

const AccountPage = dynamic(() => patiently(() => import("@/features/account/account-page").then((m) => m.AccountPage)));
const loadSignInAgain = () => import("@/features/account/sign-in-again").then((m) => m.SignInAgain);
const SignInAgain = dynamic(() => patiently(loadSignInAgain), { ssr: false });

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
          <SessionWatch over={who.over} name={who.name} />
        </>
      );
  }
}

/** Its dialog is loaded while all is well, since it is wanted when something is not. */
function SessionWatch({ over, name }: { over: boolean; name: string | null }) {
  useEffect(() => whenIdle(() => void loadSignInAgain().catch(() => undefined)), []);
  if (!over) return null;
  return (
    <Boundary fallback={<NotLoaded />}>
      <SignInAgain name={name} />
    </Boundary>
  );
}
