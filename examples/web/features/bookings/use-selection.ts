"use client";

import { useCallback, useState } from "react";

/** Which rows are ticked, by reference. */
export type Selection = {
  refs: ReadonlySet<string>;
  set: (ref: string, on: boolean) => void;
  setAll: (refs: readonly string[]) => void;
};

export function useSelection(): Selection {
  const [refs, setRefs] = useState<ReadonlySet<string>>(new Set());
  const set = useCallback((ref: string, on: boolean) => {
    setRefs((before) => {
      const now = new Set(before);
      if (on) now.add(ref);
      else now.delete(ref);
      return now;
    });
  }, []);
  const setAll = useCallback((all: readonly string[]) => setRefs(new Set(all)), []);
  return { refs, set, setAll };
}
