import type { Metadata } from "next";
import { Suspense } from "react";
import { BookingsView } from "@/features/bookings/bookings-view";
import { texts } from "@/lib/texts";
import { LoadingPage } from "@/ui/loading-page";

export const metadata: Metadata = { title: texts.frame.pages.bookings };

export default function Page() {
  return (
    <Suspense fallback={<LoadingPage lines={12} />}>
      <BookingsView />
    </Suspense>
  );
}
