import { NoAnswer, Refusal } from "./api";
import { texts } from "./texts";

/** A failure in a sentence for people. */
export function sentence(error: unknown): string {
  if (error instanceof NoAnswer) return texts.failures.noAnswer;
  if (!(error instanceof Refusal)) return texts.failures.unknown;
  if (error.status === 403 && error.code === "forbidden") return texts.failures.forbidden;
  if (error.code === "unknown") return texts.failures.server;
  return capitalised(error.message);
}

export function requestId(error: unknown): string | undefined {
  return error instanceof Refusal ? error.requestId : undefined;
}

/** The server begins its sentences small, since they may follow a name. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
