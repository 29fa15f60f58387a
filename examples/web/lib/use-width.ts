"use client";

import { useEffect, useRef, useState } from "react";

/** How wide an element is drawn, so that a drawing in it can have type of the right size. */
export function useWidth<T extends Element>(first: number): [React.RefObject<T | null>, number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width) || first));
    observer.observe(element);
    return () => observer.disconnect();
  }, [first]);
  return [ref, width];
}
