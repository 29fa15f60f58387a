import type { Metadata } from "next";
import { Suspense } from "react";
import { RoutesView } from "@/features/routes/routes-view";
import { texts } from "@/lib/texts";
import { LoadingPage } from "@/ui/loading-page";

export const metadata: Metadata = { title: texts.frame.pages.routes };

export default function Page() {
  return (
    <Suspense fallback={<LoadingPage lines={10} />}>
      <RoutesView />
    </Suspense>
  );
}
