/**
 * What this page takes of the small form of zod, by name: of a namespace that is handed on the bundler keeps all, 83 kB.
 * Use it as `import * as z from "@/lib/zod"`.
 */
export {
  array,
  boolean,
  enum,
  literal,
  maxLength,
  minLength,
  number,
  object,
  pipe,
  refine,
  regex,
  string,
  toUpperCase,
  transform,
  trim,
  union,
} from "zod/mini";
export type { infer, input, output } from "zod/mini";
