import { PackageSearch, type LucideIcon } from "lucide-react";
import type { Booking } from "@/lib/api";
import { limits } from "@/lib/limits";
import { bookingPage, pages } from "@/lib/pages";
import { texts } from "@/lib/texts";

/** Where the palette can lead. */
export type Option = { href: string; name: string; icon: LucideIcon; booking?: Booking };

/** Digits alone are the end of a reference. */
export function asReference(text: string): string {
  const trimmed = text.trim().toUpperCase();
  return /^[0-9]+$/.test(trimmed) ? `ACB${trimmed}` : trimmed;
}

/** What is typed, as the beginning of a reference to look for; null when it is none. */
export function asPrefix(text: string): string | null {
  const ref = asReference(text);
  return limits.refPrefix.test(ref) ? ref : null;
}

export function optionsFor(text: string, found: readonly Booking[]): Option[] {
  const ref = asReference(text);
  const bookings = found.map((booking) => ({
    href: bookingPage(booking.ref_id),
    name: booking.ref_id,
    icon: PackageSearch,
    booking,
  }));
  const unseen = limits.bookingRef.test(ref) && !found.some((booking) => booking.ref_id === ref);
  const direct = unseen ? [{ href: bookingPage(ref), name: texts.palette.open(ref), icon: PackageSearch }] : [];
  const words = text.trim().toLowerCase();
  const named = pages.filter(({ name }) => name.toLowerCase().includes(words));
  return [...bookings, ...direct, ...named];
}
