import { CopyButton } from "@/ui/copy-button";
import { Alert } from "@/ui/states";
import styles from "./settings.module.css";

/** A secret that the server tells this one time. */
export function ShownOnce({ text, secret }: { text: string; secret: string }) {
  return (
    <Alert kind="good">
      <p>{text}</p>
      <code className={styles.secret}>{secret}</code>
      <div>
        <CopyButton text={secret} />
      </div>
    </Alert>
  );
}
