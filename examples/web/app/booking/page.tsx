import type { Metadata } from "next";
import { Suspense } from "react";
import { BookingView } from "@/features/booking/booking-view";
import { texts } from "@/lib/texts";
import { LoadingPage } from "@/ui/loading-page";

export const metadata: Metadata = { title: texts.booking.title };

export default function Page() {
  return (
    <Suspense fallback={<LoadingPage lines={10} />}>
      <BookingView />
    </Suspense>
  );
}
