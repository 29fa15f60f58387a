import type { ReactNode } from "react";
import styles from "./page-head.module.css";

type Props = { title: ReactNode; lead?: ReactNode; actions?: ReactNode };

/** What a page begins with. */
export function PageHead({ title, lead, actions }: Props) {
  return (
    <header className={styles.head}>
      <div>
        <h1>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
