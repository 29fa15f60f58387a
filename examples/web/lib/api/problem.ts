import type { components } from "./schema";

type Problem = components["schemas"]["Problem"];
export type FieldError = components["schemas"]["FieldError"];
export type ProblemCode = Problem["code"];

/** The server said no, and why (RFC 9457). */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ProblemCode | "unknown";
  readonly fields: readonly FieldError[];
  readonly requestId: string | undefined;

  constructor(
    readonly status: number,
    problem: Partial<Problem>,
  ) {
    super(problem.detail ?? `${status}`);
    this.code = problem.code ?? "unknown";
    this.fields = problem.errors ?? [];
    this.requestId = problem.request_id;
  }
}

/** No answer came: the server is away, or the network is. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Nothing was wrong with the request: the same one may get through a little later. */
export function mayPass(error: unknown): boolean {
  if (error instanceof NoAnswer) return true;
  if (!(error instanceof Refusal)) return false;
  return error.status === 503 || error.status === 429 || error.code === "lock_busy";
}

/** Somebody else changed it since it was read. */
export function isConflict(error: unknown): boolean {
  return error instanceof Refusal && (error.code === "precondition_failed" || error.code === "stale_revision");
}

export function isNotFound(error: unknown): boolean {
  return error instanceof Refusal && error.status === 404;
}
