"use client";

import { TriangleAlert } from "lucide-react";
import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/states";

/** A page failed while it was drawn; the frame around it stands. */
export default function PageError({ reset }: { error: Error; reset: () => void }) {
  return (
    <div role="alert">
      <Empty icon={TriangleAlert} title={texts.failures.page}>
        <p>{texts.failures.pageLead}</p>
        <p style={{ display: "flex", gap: "0.5rem", justifyContent: "center", marginBlockStart: "0.75rem" }}>
          <Button look="primary" onClick={reset}>
            {texts.common.tryAgain}
          </Button>
          <Button onClick={() => location.reload()}>{texts.failures.reload}</Button>
        </p>
      </Empty>
    </div>
  );
}
