"use client";

import { LogOut, Search } from "lucide-react";
import { usePathname } from "next/navigation";
import { useEffect, useRef, type ReactNode } from "react";
import { useLiveUpdates } from "@/lib/live/live";
import { watchScripts } from "@/lib/missing-scripts";
import { useSignOut, useWho, type Who } from "@/lib/session";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { ConnectionBadge, PauseBanner, StaleBanner } from "./connection";
import styles from "./frame.module.css";
import { Gate } from "./gate";
import { Navigation } from "./navigation";
import { Notices } from "./notices";
import { openPalette, PaletteHost } from "./palette-host";

/** What stands around every page. */
export function Frame({ children }: { children: ReactNode }) {
  const who = useWho();
  const main = useFocusOnNewPage();
  useLiveUpdates(who.state === "in" && !who.over);
  useEffect(watchScripts, []);
  if (who.state === "out") return <Gate who={who}>{children}</Gate>;
  return (
    <div className={styles.frame}>
      <a href="#main" className={styles.skip}>
        {texts.frame.skip}
      </a>
      <div className={styles.top}>
        <Bar who={who} />
        <PauseBanner />
        <StaleBanner />
      </div>
      <Navigation prefetch={who.state === "in"} />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Gate who={who}>{children}</Gate>
      </main>
      <Notices />
      <PaletteHost />
    </div>
  );
}

function Bar({ who }: { who: Who }) {
  return (
    <header className={styles.bar}>
      <button type="button" className={styles.jump} onClick={openPalette}>
        <Search aria-hidden />
        {texts.frame.jump}
        <kbd>{texts.frame.jumpHint}</kbd>
      </button>
      <span className={styles.spacer} />
      <ConnectionBadge />
      {who.state === "in" && <SignedIn name={who.name} />}
    </header>
  );
}

function SignedIn({ name }: { name: string | null }) {
  const signOut = useSignOut();
  if (name === null) return <span className={styles.name}>{texts.frame.openServer}</span>;
  return (
    <span className={styles.who}>
      <span className={styles.name} title={texts.frame.signedInAs(name)}>
        {name}
      </span>
      <Button
        look="quiet"
        size="icon"
        aria-label={texts.frame.signOut}
        title={texts.frame.signOut}
        busy={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        <LogOut aria-hidden />
      </Button>
    </span>
  );
}

/** Who reads with the ears is told of a new page by the focus being there. */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const path = usePathname();
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}
