// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { missingScripts, watchScripts } from "./missing-scripts";

test("counts the scripts that are missing until they come", () => {
  const stop = watchScripts();
  const script = document.createElement("script");
  const image = document.createElement("img");
  document.head.append(script, image);
  image.dispatchEvent(new Event("error"));
  expect(missingScripts.get()).toBe(0);
  script.dispatchEvent(new Event("error"));
  expect(missingScripts.get()).toBe(1);
  script.dispatchEvent(new Event("load"));
  expect(missingScripts.get()).toBe(0);
  stop();
  script.dispatchEvent(new Event("error"));
  expect(missingScripts.get()).toBe(0);
});
