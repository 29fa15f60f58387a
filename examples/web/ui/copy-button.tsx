"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { texts } from "@/lib/texts";
import { Button } from "./button";

/** Copies a text, and says so. */
export function CopyButton({ text, label = texts.common.copy }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button size="small" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span role="status">{copied ? texts.common.copied : label}</span>
    </Button>
  );
}
