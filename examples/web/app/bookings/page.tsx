import type { Metadata } from "next";
import { Suspense } from "react";
import { BookingsView } from "@/features/bookings/bookings-view";
import { texts } from "@/lib/texts";
import { Loading } from "@/ui/states";

export const metadata: Metadata = { title: texts.frame.pages.bookings };

export default function Page() {
  return (
    <Suspense fallback={<Loading lines={12} />}>
      <BookingsView />
    </Suspense>
  );
}
