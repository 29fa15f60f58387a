import { expect, test, vi } from "vitest";
import { patiently } from "./patient-import";

test("what can not be loaded at first is there later", async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error("away")).mockResolvedValue("map");
  expect(await patiently(load, [0])).toBe("map");
  expect(load).toHaveBeenCalledTimes(2);
});

test("what never comes fails in the end", async () => {
  const load = vi.fn(() => Promise.reject(new Error("gone")));
  await expect(patiently(load, [0, 0])).rejects.toThrow("gone");
  expect(load).toHaveBeenCalledTimes(3);
});
