/** The small form of zod: a page loads only the checks that it names. */
export * as z from "zod/mini";
