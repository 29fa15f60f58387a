/** What was typed and not sent yet, for this tab, until it is closed. */
const prefix = "aircargo-draft:";

export function readDraft<T extends object>(name: string): Partial<T> | null {
  try {
    const text = sessionStorage.getItem(prefix + name);
    return text === null ? null : (JSON.parse(text) as Partial<T>);
  } catch {
    return null; // storage is shut, or not ours
  }
}

export function keepDraft(name: string, values: object): void {
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(values));
  } catch {
    // Storage is shut or full: the form still has it.
  }
}

export function forgetDraft(name: string): void {
  try {
    sessionStorage.removeItem(prefix + name);
  } catch {
    // Storage is shut: there is none.
  }
}

/** For the next who uses this browser. */
export function forgetAllDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
  } catch {
    // Storage is shut: there are none.
  }
}
