import type { Metadata } from "next";
import { Suspense } from "react";
import { NewBookingView } from "@/features/new-booking/new-booking-view";
import { texts } from "@/lib/texts";
import { Loading } from "@/ui/states";

export const metadata: Metadata = { title: texts.frame.pages.newBooking };

export default function Page() {
  return (
    <Suspense fallback={<Loading lines={8} />}>
      <NewBookingView />
    </Suspense>
  );
}
