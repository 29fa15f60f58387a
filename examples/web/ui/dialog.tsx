"use client";

import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { texts } from "@/lib/texts";
import { Button } from "./button";
import styles from "./dialog.module.css";

type Props = {
  title: string;
  children: ReactNode;
  /** Left out where it can not be left. */
  onClose?: () => void;
  width?: string;
};

/** The browser's own dialog: it holds the focus, closes by Escape, and gives the focus back. */
export function Dialog({ title, children, onClose, width }: Props) {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      className={styles.dialog}
      style={width ? ({ "--dialog-width": width } as React.CSSProperties) : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onMouseDown={(event) => event.target === ref.current && onClose?.()}
    >
      <header className={styles.head}>
        <h2 id={id}>{title}</h2>
        {onClose && (
          <Button look="quiet" size="icon" aria-label={texts.common.close} onClick={onClose}>
            <X aria-hidden />
          </Button>
        )}
      </header>
      <div className={styles.body}>{children}</div>
    </dialog>
  );
}

/** The buttons at the end of a dialog. */
export function DialogFoot({ children }: { children: ReactNode }) {
  return <footer className={styles.foot}>{children}</footer>;
}
