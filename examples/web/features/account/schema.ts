import * as z from "@/lib/zod";
import { bytes, limits } from "@/lib/limits";
import { texts } from "@/lib/texts";

const words = texts.checks;

const name = z.string().check(z.trim(), z.regex(limits.accountName, words.accountName));

export const signInSchema = z.object({
  name,
  password: z.string().check(z.minLength(1, words.required)),
});

export const newPassword = z
  .string()
  .check(z.refine((text) => bytes(text) >= limits.password.min && bytes(text) <= limits.password.max, words.password));

export const registerSchema = z.object({ name, password: newPassword });
