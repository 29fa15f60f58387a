import { makeStore } from "./store";

/** Short messages that something was done; they are read out and go by themselves. */
export type Notice = { id: number; text: string; href?: string };

const SHOWN_MS = 6000;
let next = 1;

export const notices = makeStore<readonly Notice[]>([]);

export function notify(text: string, href?: string): void {
  const id = next++;
  notices.set([...notices.get(), { id, text, href }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}
