// Many bookings in a server's store, made by its batches.
import { PASSWORD } from "./server.mjs";

const AIRPORTS = ["DEL", "BLR", "BOM", "FRA", "JFK", "SIN", "DXB", "LEJ", "HKG", "LAX"];
const BATCH = 1000;

function entry(n) {
  const at = n % AIRPORTS.length;
  const destination = AIRPORTS[(at + 1 + (Math.floor(n / 10) % (AIRPORTS.length - 1))) % AIRPORTS.length];
  return { origin: AIRPORTS[at], destination, pieces: 1 + (n % 40), weight_kg: 10 + (n % 990) };
}

/** As an agent; every third has departed, every ninth was cancelled. */
export async function bookMany(server, name, count) {
  const post = async (path, body, headers = {}) => {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { access_token } = await post("/auth/login", { name, password: PASSWORD });
  const signedIn = { Authorization: `Bearer ${access_token}` };
  for (let made = 0; made < count; made += BATCH) {
    const entries = Array.from({ length: Math.min(BATCH, count - made) }, (_, n) => entry(made + n));
    const { results } = await post("/bookings/batch", { entries }, signedIn);
    const refs = results.map(({ booking }) => booking.ref_id);
    const moves = refs.flatMap((ref_id, n) => (n % 3 ? [] : [{ ref_id, act: n % 9 ? "depart" : "cancel" }]));
    await post("/bookings/batch/status", { entries: moves }, signedIn);
  }
}
