"use client";

import { Hourglass, Unplug } from "lucide-react";
import { useSyncExternalStore } from "react";
import { pausedUntil } from "@/lib/api/pauses";
import { classes } from "@/lib/classes";
import { useConnection } from "@/lib/live/live";
import { texts } from "@/lib/texts";
import { clockWithSeconds } from "@/lib/time";
import { useFreshness, type Freshness } from "@/lib/use-freshness";
import { useNow } from "@/lib/use-now";
import styles from "./connection.module.css";

const looks: Record<Freshness, string | undefined> = {
  live: styles.live,
  connecting: styles.waiting,
  resting: styles.waiting,
  lost: styles.lost,
  offline: styles.lost,
};

export function ConnectionBadge() {
  const freshness = useFreshness();
  return (
    <span role="status" className={classes(styles.badge, looks[freshness])} title={texts.connection.liveHint}>
      {texts.connection[freshness]}
    </span>
  );
}

/** Says so, in the way of nothing, when what is shown may be old. */
export function StaleBanner() {
  const freshness = useFreshness();
  const { heardAt } = useConnection();
  if (freshness !== "lost" && freshness !== "offline") return null;
  return (
    <p role="alert" className={styles.banner}>
      <Unplug aria-hidden />
      <span>{freshness === "offline" ? texts.connection.offlineBanner : texts.connection.lostBanner}</span>
      {heardAt && <span>{texts.connection.asOf(clockWithSeconds(heardAt))}</span>}
      <span>{texts.connection.goesOn}</span>
    </p>
  );
}

export function PauseBanner() {
  const until = useSyncExternalStore(pausedUntil.subscribe, pausedUntil.get, () => null);
  if (until === null) return null;
  return <Counting until={until} />;
}

function Counting({ until }: { until: number }) {
  const now = useNow(1000) ?? until;
  return (
    <p role="status" className={styles.banner}>
      <Hourglass aria-hidden />
      {texts.connection.paused(Math.max(1, Math.ceil((until - now) / 1000)))}
    </p>
  );
}
