import { LoaderCircle } from "lucide-react";
import { Link } from "@/ui/link";
import type { ButtonHTMLAttributes, ComponentProps } from "react";
import { classes } from "@/lib/classes";
import styles from "./button.module.css";

type Look = {
  look?: "plain" | "primary" | "danger" | "quiet";
  size?: "normal" | "small" | "icon";
};

const named = ({ look = "plain", size = "normal" }: Look, more?: string) =>
  classes(styles.button, look !== "plain" && styles[look], size !== "normal" && styles[size], more);

type Props = ButtonHTMLAttributes<HTMLButtonElement> & Look & { busy?: boolean };

/** While busy it keeps the focus and its width, and does nothing. */
export function Button({ look, size, busy = false, className, children, onClick, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={named({ look, size }, className)}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && <LoaderCircle className={styles.spin} aria-hidden />}
      {children}
    </button>
  );
}

export function ButtonLink({ look, size, className, ...rest }: ComponentProps<typeof Link> & Look) {
  return <Link {...rest} className={named({ look, size }, className)} />;
}
