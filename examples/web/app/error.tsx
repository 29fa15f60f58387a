"use client";

import { texts } from "@/lib/texts";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/page-head";

/** A page failed while it was drawn; the frame around it stands. */
export default function PageError({ reset }: { error: Error; reset: () => void }) {
  return (
    <div role="alert">
      <PageHead
        title={texts.failures.page}
        lead={texts.failures.pageLead}
        actions={
          <>
            <Button look="primary" onClick={reset}>
              {texts.common.tryAgain}
            </Button>
            <Button onClick={() => location.reload()}>{texts.failures.reload}</Button>
          </>
        }
      />
    </div>
  );
}
