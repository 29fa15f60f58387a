import type { Metadata } from "next";
import { Suspense } from "react";
import { AnalyticsView } from "@/features/analytics/analytics-view";
import { texts } from "@/lib/texts";
import { Loading } from "@/ui/states";

export const metadata: Metadata = { title: texts.frame.pages.analytics };

export default function Page() {
  return (
    <Suspense fallback={<Loading lines={12} />}>
      <AnalyticsView />
    </Suspense>
  );
}
