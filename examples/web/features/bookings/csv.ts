import type { Booking } from "@/lib/api";

const columns = [
  "ref_id",
  "status",
  "origin",
  "destination",
  "location",
  "pieces",
  "weight_kg",
  "misrouted",
  "flights",
  "created_at",
  "updated_at",
  "revision",
] as const;

const cells: Record<(typeof columns)[number], (b: Booking) => string | number> = {
  ref_id: (b) => b.ref_id,
  status: (b) => b.status,
  origin: (b) => b.origin,
  destination: (b) => b.destination,
  location: (b) => b.location ?? "",
  pieces: (b) => b.pieces,
  weight_kg: (b) => b.weight_kg,
  misrouted: (b) => (b.misrouted ? "yes" : ""),
  flights: (b) => (b.legs ?? []).map((leg) => leg.flight_number).join(" "),
  created_at: (b) => b.created_at,
  updated_at: (b) => b.updated_at,
  revision: (b) => b.revision,
};

/** RFC 4180, with the names that the API uses, so that a program can read it back. */
export function toCsv(bookings: Iterable<Booking>): string {
  const lines = [columns.join(",")];
  for (const booking of bookings) lines.push(columns.map((name) => cell(cells[name](booking))).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** Quoted where it must be; what a spreadsheet would take for a formula gets a quote mark before it. */
export function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
