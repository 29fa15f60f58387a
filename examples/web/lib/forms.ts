"use client";

import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { useEffect, useState } from "react";
import {
  useForm,
  type DefaultValues,
  type FieldValues,
  type Path,
  type Resolver,
  type UseFormReturn,
} from "react-hook-form";
import type { input, output, ZodMiniType } from "zod/mini";
import { Refusal } from "./api";
import { forgetDraft, keepDraft, readDraft } from "./drafts";
import { capitalised, sentence } from "./failures";

type ObjectSchema = ZodMiniType<FieldValues, FieldValues>;

/** A form checked by a schema: when it is sent, then as it is mended. */
export function useCheckedForm<S extends ObjectSchema>(
  schema: S,
  defaultValues: DefaultValues<input<S>>,
): UseFormReturn<input<S>, unknown, output<S>> {
  return useForm<input<S>, unknown, output<S>>({
    resolver: standardSchemaResolver(schema) as unknown as Resolver<input<S>, unknown, output<S>>,
    defaultValues,
    mode: "onTouched",
  });
}

/** Keeps what was typed over a reload or a detour, until it is sent. Gives what forgets it. */
export function useDraft<I extends FieldValues, O extends FieldValues>(
  form: UseFormReturn<I, unknown, O>,
  name: string,
): () => void {
  const { reset, subscribe, getValues } = form;
  useEffect(() => {
    const kept = readDraft<I>(name);
    if (kept) reset({ ...getValues(), ...kept }, { keepDefaultValues: true });
    return subscribe({
      formState: { values: true },
      callback: ({ values }) => keepDraft(name, values),
    });
  }, [name, reset, subscribe, getValues]);
  return () => forgetDraft(name);
}

/**
 * Puts a refusal beside the fields that it is about.
 * Gives what is left to be said for the form as a whole, or null.
 */
export function showRefusal<I extends FieldValues, O extends FieldValues>(
  form: UseFormReturn<I, unknown, O>,
  error: unknown,
): string | null {
  if (!(error instanceof Refusal) || error.fields.length === 0) return sentence(error);
  const known = Object.keys(form.getValues());
  const mine = error.fields.filter(({ field }) => known.includes(field));
  for (const { field, detail } of mine) form.setError(field as Path<I>, { message: capitalised(detail) });
  const first = mine[0];
  if (first) form.setFocus(first.field as Path<I>);
  return mine.length === error.fields.length ? null : sentence(error);
}

/**
 * A key for a write that may be sent several times: the same for the same content, so that it
 * happens once; another for another content.
 */
export function useIdempotencyKeys(): (body: unknown) => string {
  const [made] = useState(() => new Map<string, string>());
  return (body) => {
    const text = JSON.stringify(body);
    const key = made.get(text) ?? crypto.randomUUID();
    made.set(text, key);
    return key;
  };
}
