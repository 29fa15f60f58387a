"use client";

import { texts } from "@/lib/texts";
import "@/styles/tokens.css";
import "@/styles/base.css";

/** Even the frame failed: as little as can be, so that this can not. */
export default function FrameError() {
  return (
    <html lang="en">
      <body style={{ display: "grid", minHeight: "100dvh", placeContent: "center", textAlign: "center" }}>
        <main role="alert">
          <h1>{texts.failures.page}</h1>
          <p>{texts.failures.pageLead}</p>
          <p style={{ marginBlockStart: "1rem" }}>
            <button type="button" onClick={() => location.reload()}>
              {texts.failures.reload}
            </button>
          </p>
        </main>
      </body>
    </html>
  );
}
