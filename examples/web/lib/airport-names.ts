import { airports, type Airport } from "./api";

/**
 * A page shows many airports. Those that are asked for in one go are fetched by one request.
 */
type Waiting = { resolve: (airport: Airport | null) => void; reject: (error: unknown) => void };

const MOST_AT_ONCE = 100;
let waiting = new Map<string, Waiting[]>();

/** Null where the server knows no such airport. */
export function nameAirport(code: string): Promise<Airport | null> {
  return new Promise((resolve, reject) => {
    if (waiting.size === 0) setTimeout(fetchAll, 0);
    waiting.set(code, [...(waiting.get(code) ?? []), { resolve, reject }]);
  });
}

function fetchAll() {
  const asked = waiting;
  waiting = new Map();
  const codes = [...asked.keys()];
  for (let at = 0; at < codes.length; at += MOST_AT_ONCE) void fetchSome(asked, codes.slice(at, at + MOST_AT_ONCE));
}

async function fetchSome(asked: Map<string, Waiting[]>, codes: string[]) {
  const each = (code: string) => asked.get(code) ?? [];
  try {
    const { items } = await airports.named(codes);
    const found = new Map(items.map((airport) => [airport.code, airport]));
    for (const code of codes) for (const { resolve } of each(code)) resolve(found.get(code) ?? null);
  } catch (error) {
    for (const code of codes) for (const { reject } of each(code)) reject(error);
  }
}
