"use client";

import { X } from "lucide-react";
import { Link } from "@/ui/link";
import { useSyncExternalStore } from "react";
import { dismiss, notices } from "@/lib/notices";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import styles from "./notices.module.css";

const none: readonly never[] = [];

export function Notices() {
  const shown = useSyncExternalStore(notices.subscribe, notices.get, () => none);
  return (
    <div role="status" className={styles.notices}>
      {shown.map((notice) => (
        <div key={notice.id} className={styles.notice}>
          <span>{notice.href ? <Link href={notice.href}>{notice.text}</Link> : notice.text}</span>
          <Button look="quiet" size="small" aria-label={texts.common.close} onClick={() => dismiss(notice.id)}>
            <X aria-hidden />
          </Button>
        </div>
      ))}
    </div>
  );
}
