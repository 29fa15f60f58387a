import { CircleAlert, CircleCheck, Info, TriangleAlert, Unplug, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "@/lib/classes";
import { requestId, sentence } from "@/lib/failures";
import { texts } from "@/lib/texts";
import { Button } from "./button";
import styles from "./states.module.css";

/** Grey lines where something will stand. `lines` as high as what comes, so that nothing jumps. */
export function Loading({ lines = 4, label = texts.common.loading }: { lines?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className={styles.lines}>
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} className={styles.line} style={{ width: `${100 - ((at * 37) % 40)}%` }} />
      ))}
    </div>
  );
}

type StateProps = { icon: LucideIcon; title: string; children?: ReactNode };

/** Says that there is nothing, why, and what can be done about it. */
export function Empty({ icon: Icon, title, children }: StateProps) {
  return (
    <div className={styles.state}>
      <Icon aria-hidden />
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.lead}>{children}</div>}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const id = requestId(error);
  return (
    <div role="alert" className={styles.state}>
      <Unplug aria-hidden />
      <p className={styles.title}>{texts.failures.loading}</p>
      <p className={styles.lead}>{sentence(error)}</p>
      {id && <p className={styles.id}>{texts.common.requestId(id)}</p>}
      {retry && <Button onClick={retry}>{texts.common.tryAgain}</Button>}
    </div>
  );
}

const icons = { bad: CircleAlert, warn: TriangleAlert, good: CircleCheck, plain: Info };

/** A message beside what it is about. `bad` and `warn` are read out at once. */
export function Alert({ kind, children }: { kind: keyof typeof icons; children: ReactNode }) {
  const Icon = icons[kind];
  return (
    <div role={kind === "bad" || kind === "warn" ? "alert" : "status"} className={classes(styles.alert, styles[kind])}>
      <Icon aria-hidden />
      <div>{children}</div>
    </div>
  );
}

/** Why the server refused what somebody just tried. */
export function Refused({ error }: { error: unknown }) {
  return (
    <Alert kind="bad">
      <p>{sentence(error)}</p>
    </Alert>
  );
}
