"use client";

import { ArrowRight } from "lucide-react";
import { useAirports } from "@/lib/use-airport";
import { texts } from "@/lib/texts";
import styles from "./lane.module.css";

type Props = { from: string; to: string; cities?: boolean };

/** From one airport to another, by codes, and by cities where there is room. */
export function Lane({ from, to, cities = false }: Props) {
  const known = useAirports(cities ? [from, to] : []);
  const cityOf = (code: string) => known.get(code)?.city || code;
  return (
    <span className={styles.lane}>
      <span className="code">{from}</span>
      <ArrowRight aria-label={texts.common.toWord} />
      <span className="code">{to}</span>
      {cities && known.size > 0 && (
        <span className={styles.cities} data-cities>
          {cityOf(from)} – {cityOf(to)}
        </span>
      )}
    </span>
  );
}
