/** Server-Sent Events, as the HTML standard writes them, out of pieces of text as they arrive. */
export type Message = { id: string; event: string; data: string };

export function makeParser(onMessage: (message: Message) => void): (chunk: string) => void {
  let rest = "";
  let id = "";
  let event = "";
  let data: string[] = [];

  function dispatch() {
    if (data.length > 0) onMessage({ id, event: event || "message", data: data.join("\n") });
    else if (id) onMessage({ id, event: "", data: "" });
    event = "";
    data = [];
  }

  function line(text: string) {
    if (text === "") return dispatch();
    const colon = text.indexOf(":");
    if (colon === 0) return; // a comment, said to show that the line lives
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "id") id = value;
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }

  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const text of lines) line(text);
  };
}
