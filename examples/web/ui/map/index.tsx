"use client";

import dynamic from "next/dynamic";
import { texts } from "@/lib/texts";
import { Boundary } from "../boundary";
import styles from "./route-map.module.css";
import type { RouteMapProps } from "./types";

export type { MapLane } from "./types";

const Lazy = dynamic(() => import("./route-map"), { ssr: false, loading: () => null });

/** The map, loaded where it is shown; the room for it is there from the start. */
export function RouteMap(props: RouteMapProps) {
  return (
    <div className={styles.waiting} style={{ aspectRatio: `640 / ${props.height ?? 380}` }}>
      <Boundary fallback={<p className={styles.missing}>{texts.failures.mapMissing}</p>}>
        <Lazy {...props} />
      </Boundary>
    </div>
  );
}
