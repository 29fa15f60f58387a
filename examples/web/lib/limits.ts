/** What the server accepts (docs/openapi.json); limits.test.ts compares. */
export const limits = {
  pieces: { min: 1, max: 100_000 },
  weightKg: { min: 1, max: 1_000_000 },
  flightsOfBooking: 8,
  notesBytes: 2000,
  password: { min: 8, max: 256 },
  accountName: /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/,
  airportCode: /^[A-Za-z]{3}$/,
  bookingRef: /^[Aa][Cc][Bb][0-9]{5,17}$/,
  refPrefix: /^[Aa][Cc][Bb][0-9]{1,17}$/,
  airline: /^([A-Za-z][A-Za-z0-9]|[0-9][A-Za-z])$/,
  searchedAirports: 10,
  searchedAirlines: 20,
  longestMinutes: { min: 1, max: 44_640 },
  connectionMinutes: { min: 0, max: 2880 },
  apiKeyName: 100,
  webhookUrl: { pattern: /^https?:\/\/[!-~]+$/, length: 2048 },
  webhookAirports: 100,
  batch: 1000,
  page: 1000,
  analyticsDays: 92,
} as const;

const encoder = new TextEncoder();
export const bytes = (text: string) => encoder.encode(text).length;
