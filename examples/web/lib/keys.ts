/** Under which names answers of the server are kept. */
export const keys = {
  session: ["session"],
  booking: (ref: string) => ["booking", ref],
  history: (ref: string) => ["history", ref],
  bookings: ["bookings"],
  analytics: ["analytics"],
  apiKeys: ["api-keys"],
  accounts: ["accounts"],
  webhooks: ["webhooks"],
  deliveries: (id: string) => ["webhooks", id, "deliveries"],
} as const;
