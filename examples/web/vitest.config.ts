import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    // What needs a document says so in its first line.
    environment: "node",
    environmentOptions: { happyDOM: { url: "http://127.0.0.1:8080/" } },
    include: ["{app,features,lib,shell,ui,dev}/**/*.test.{ts,tsx,mjs}"],
    restoreMocks: true,
    env: { TZ: "Europe/Berlin" },
  },
});
