"use client";

import { Download } from "lucide-react";
import { sentence } from "@/lib/failures";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import styles from "./bookings-view.module.css";
import type { Filters } from "./filters";
import { useExport } from "./use-export";

const words = texts.bookings;

export function ExportButton({ filters, disabled }: { filters: Filters; disabled: boolean }) {
  const { export: now, start, stop } = useExport(filters);
  if (now.state === "running") {
    return (
      <span className={styles.export}>
        <span role="status">{words.exporting(now.read)}</span>
        <Button onClick={stop}>{words.stopExport}</Button>
      </span>
    );
  }
  return (
    <span className={styles.export}>
      {now.state === "failed" && <span role="alert">{sentence(now.error)}</span>}
      <Button disabled={disabled} onClick={() => void start()}>
        <Download aria-hidden />
        {words.exportAll}
      </Button>
    </span>
  );
}
