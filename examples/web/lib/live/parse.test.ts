import { expect, test } from "vitest";
import { makeParser, type Message } from "./parse";

function parsed(...chunks: string[]): Message[] {
  const messages: Message[] = [];
  const parse = makeParser((message) => messages.push(message));
  chunks.forEach(parse);
  return messages;
}

test("reads id, event and data", () => {
  expect(parsed("id: 7\nevent: booking\ndata: {}\n\n")).toEqual([{ id: "7", event: "booking", data: "{}" }]);
});

test("puts together what arrives in pieces", () => {
  expect(parsed("id: 7\nda", "ta: {\"a\"", ":1}\n", "\n")).toEqual([{ id: "7", event: "message", data: '{"a":1}' }]);
});

test("joins several lines of data and takes all ends of lines", () => {
  expect(parsed("data: a\r\ndata: b\r\n\r\n")).toEqual([{ id: "", event: "message", data: "a\nb" }]);
});

test("leaves comments out, and keeps the id for what follows", () => {
  expect(parsed(": still here\n\nid: 8\n\ndata: x\n\n")).toEqual([
    { id: "8", event: "", data: "" },
    { id: "8", event: "message", data: "x" },
  ]);
});
