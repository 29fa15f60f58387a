"use client";

import dynamic from "next/dynamic";
import { patiently } from "@/lib/patient-import";
import { texts } from "@/lib/texts";
import { useWidth } from "@/lib/use-width";
import { Boundary } from "../boundary";
import styles from "./route-map.module.css";
import type { RouteMapProps } from "./types";

export type { MapLane } from "./types";

const Lazy = dynamic(() => patiently(() => import("./route-map")), { ssr: false, loading: () => null });

/** The map, loaded where it is shown; the room for it is there from the start. */
export function RouteMap({ height = 380, ...props }: RouteMapProps) {
  const [box, width] = useWidth<HTMLDivElement>(640);
  return (
    <div ref={box} className={styles.waiting} style={{ height }}>
      <Boundary fallback={<p className={styles.missing}>{texts.failures.mapMissing}</p>}>
        <Lazy {...props} width={width} height={height} />
      </Boundary>
    </div>
  );
}
