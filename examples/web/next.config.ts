import type { NextConfig } from "next";

// Everything is worked out in the browser: the server of aircargo serves plain files.
const config: NextConfig = {
  output: "export",
  trailingSlash: true,
  reactStrictMode: true,
  // `npm run check` does it, and the build is not kept waiting for it.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  experimental: { optimizePackageImports: ["lucide-react"] },
};

export default config;
