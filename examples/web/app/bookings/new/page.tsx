import type { Metadata } from "next";
import { Suspense } from "react";
import { NewBookingView } from "@/features/new-booking/new-booking-view";
import { texts } from "@/lib/texts";
import { LoadingPage } from "@/ui/loading-page";

export const metadata: Metadata = { title: texts.frame.pages.newBooking };

export default function Page() {
  return (
    <Suspense fallback={<LoadingPage lines={8} />}>
      <NewBookingView />
    </Suspense>
  );
}
