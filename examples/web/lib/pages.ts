import { BarChart3, LayoutDashboard, ListOrdered, PackagePlus, Route, Settings, type LucideIcon } from "lucide-react";
import { texts } from "./texts";

/** The pages of the navigation, in its order. */
export type Page = { id: string; href: string; name: string; icon: LucideIcon };

const names = texts.frame.pages;

export const pages: readonly Page[] = [
  { id: "dashboard", href: "/", name: names.dashboard, icon: LayoutDashboard },
  { id: "bookings", href: "/bookings/", name: names.bookings, icon: ListOrdered },
  { id: "newBooking", href: "/bookings/new/", name: names.newBooking, icon: PackagePlus },
  { id: "routes", href: "/routes/", name: names.routes, icon: Route },
  { id: "analytics", href: "/analytics/", name: names.analytics, icon: BarChart3 },
  { id: "settings", href: "/settings/", name: names.settings, icon: Settings },
];

export const bookingPage = (ref: string) => `/booking/?ref=${encodeURIComponent(ref)}`;
