import { useId, type ReactNode } from "react";
import { classes } from "@/lib/classes";
import styles from "./panel.module.css";

type Props = {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  /** The content reaches the edges. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
};

/** A part of a page with a name of its own. */
export function Panel({ title, about, actions, flush, className, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes(styles.panel, className)}>
      <header className={styles.head}>
        <h2 id={id}>{title}</h2>
        {about && <span className={styles.about}>{about}</span>}
        {actions}
      </header>
      <div className={classes(styles.body, flush && styles.flush)}>{children}</div>
    </section>
  );
}
