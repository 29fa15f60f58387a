import { makeStore } from "./store";

/** The scripts of this page that could not be loaded, and have not been since. */
const missing = new Set<string>();
const count = makeStore(0);

/** How many are missing: what waits for one of them waits until the page is loaded anew. */
export const missingScripts = { get: count.get, subscribe: count.subscribe };

/** Looks at every script from now on; gives a function that stops. */
export function watchScripts(): () => void {
  const onEvent = ({ target, type }: Event) => {
    if (!(target instanceof HTMLScriptElement)) return;
    if (type === "error") missing.add(target.src);
    else missing.delete(target.src);
    count.set(missing.size);
  };
  // Such events do not bubble, but they are seen on the way down.
  document.addEventListener("error", onEvent, true);
  document.addEventListener("load", onEvent, true);
  return () => {
    document.removeEventListener("error", onEvent, true);
    document.removeEventListener("load", onEvent, true);
  };
}
