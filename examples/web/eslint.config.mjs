import next from "@next/eslint-plugin-next";
import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: [".next/", "out/", "node_modules/", "next-env.d.ts", "lib/api/schema.ts"] },
  ...typescript.configs.strict,
  ...typescript.configs.stylistic,
  hooks.configs.flat["recommended-latest"],
  {
    plugins: { "@next/next": next },
    rules: {
      ...next.configs.recommended.rules,
      ...next.configs["core-web-vitals"].rules,
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "no-restricted-globals": [
        "error",
        { name: "fetch", message: "The page talks to the server through lib/api.ts alone." },
        { name: "EventSource", message: "Events come through lib/live." },
      ],
    },
  },
  {
    files: ["lib/api/transport.ts", "lib/api/sessions.ts", "lib/live/stream.ts", "dev/**"],
    rules: { "no-restricted-globals": "off" },
  },
);
