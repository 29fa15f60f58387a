import { Ban, ClipboardCheck, PackageCheck, PlaneLanding, PlaneTakeoff, type LucideIcon } from "lucide-react";
import type { BookingStatus } from "@/lib/api";
import { classes } from "@/lib/classes";
import { texts } from "@/lib/texts";
import styles from "./status-badge.module.css";

export const statusIcons: Record<BookingStatus, LucideIcon> = {
  BOOKED: ClipboardCheck,
  DEPARTED: PlaneTakeoff,
  ARRIVED: PlaneLanding,
  DELIVERED: PackageCheck,
  CANCELLED: Ban,
};

/** Told by word and sign, not by colour alone. */
export function StatusBadge({ status }: { status: BookingStatus }) {
  const Icon = statusIcons[status];
  return (
    <span className={classes(styles.badge, styles[status])}>
      <Icon aria-hidden />
      {texts.status[status]}
    </span>
  );
}
