import { Link } from "@/ui/link";
import type { ReactNode } from "react";
import styles from "./figures.module.css";

/** Numbers that are to be seen first. */
export function Figures({ children }: { children: ReactNode }) {
  return <div className={styles.figures}>{children}</div>;
}

type Props = { name: ReactNode; value: ReactNode; about?: ReactNode; href?: string };

export function Figure({ name, value, about, href }: Props) {
  const content = (
    <>
      <span className={styles.name}>{name}</span>
      <span className={styles.value}>{value}</span>
      {about && <span className={styles.about}>{about}</span>}
    </>
  );
  if (!href) return <div className={styles.figure}>{content}</div>;
  return (
    <Link href={href} className={styles.figure}>
      {content}
    </Link>
  );
}
