import type { Metadata } from "next";
import { Suspense } from "react";
import { SettingsView } from "@/features/settings/settings-view";
import { texts } from "@/lib/texts";
import { LoadingPage } from "@/ui/loading-page";

export const metadata: Metadata = { title: texts.frame.pages.settings };

export default function Page() {
  return (
    <Suspense fallback={<LoadingPage lines={8} />}>
      <SettingsView />
    </Suspense>
  );
}
