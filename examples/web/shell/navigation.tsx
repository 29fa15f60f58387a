"use client";

import { Link } from "@/ui/link";
import { usePathname } from "next/navigation";
import { classes } from "@/lib/classes";
import { pages } from "@/lib/pages";
import { texts } from "@/lib/texts";
import styles from "./frame.module.css";
import { Mark } from "./mark";

/** `prefetch`: the pages are fetched before they are asked for. */
export function Navigation({ prefetch }: { prefetch: boolean }) {
  const path = usePathname();
  return (
    <nav aria-label={texts.frame.navigation} className={styles.rail}>
      <Link href="/" prefetch={prefetch && null} className={styles.brand} aria-label={`${texts.product}, ${texts.frame.pages.dashboard}`}>
        <Mark />
        {texts.product}
      </Link>
      <ul className={styles.links}>
        {pages.map(({ id, href, name, icon: Icon }) => (
          <li key={id}>
            <Link
              href={href}
              prefetch={prefetch && null}
              className={classes(styles.link, texts.frame.pagesShort[id] && styles.hasShort)}
              aria-current={isAt(path, href) ? "page" : undefined}
              aria-label={texts.frame.pagesShort[id] ? undefined : name}
            >
              <Icon aria-hidden />
              <span className={styles.long}>{name}</span>
              <span className={styles.short}>{texts.frame.pagesShort[id]}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className={styles.foot}>
        <a href="/docs">{texts.frame.api}</a>
      </div>
    </nav>
  );
}

/** A booking belongs to the bookings. */
export function isAt(path: string, href: string): boolean {
  const slashed = path.endsWith("/") ? path : `${path}/`;
  return slashed === href || (slashed === "/booking/" && href === "/bookings/");
}
