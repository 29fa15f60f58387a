const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * Loads a part of the page that is wanted later, and tries again while the server is away. React keeps the
 * first outcome for good, so a failure would last until the page is loaded anew.
 */
export async function patiently<T>(load: () => Promise<T>, waitsMs: readonly number[] = WAITS_MS): Promise<T> {
  for (const ms of waitsMs) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
  return load();
}

/** Later, when the browser has nothing better to do: what is here can not be missing once it is wanted. */
export function whenIdle(task: () => void): () => void {
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(task, 1000);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(task);
  return () => cancelIdleCallback(handle);
}
