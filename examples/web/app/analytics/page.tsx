import type { Metadata } from "next";
import { Suspense } from "react";
import { AnalyticsView } from "@/features/analytics/analytics-view";
import { texts } from "@/lib/texts";
import { LoadingPage } from "@/ui/loading-page";

export const metadata: Metadata = { title: texts.frame.pages.analytics };

export default function Page() {
  return (
    <Suspense fallback={<LoadingPage lines={12} />}>
      <AnalyticsView />
    </Suspense>
  );
}
