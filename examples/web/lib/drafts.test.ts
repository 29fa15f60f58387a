// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { forgetAllDrafts, forgetDraft, keepDraft, readDraft } from "./drafts";

test("a draft is kept until it is forgotten", () => {
  keepDraft("booking", { pieces: "3" });
  expect(readDraft("booking")).toEqual({ pieces: "3" });
  forgetDraft("booking");
  expect(readDraft("booking")).toBeNull();
});

test("signing out forgets all drafts, and nothing else", () => {
  sessionStorage.setItem("of another", "1");
  keepDraft("a", {});
  keepDraft("b", {});
  forgetAllDrafts();
  expect(readDraft("a") ?? readDraft("b")).toBeNull();
  expect(sessionStorage.getItem("of another")).toBe("1");
});

test("what is not ours is no draft", () => {
  sessionStorage.setItem("aircargo-draft:broken", "{");
  expect(readDraft("broken")).toBeNull();
});
