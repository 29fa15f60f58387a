import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import type { ReactNode } from "react";
import { texts } from "@/lib/texts";
import { Frame } from "@/shell/frame";
import { Providers } from "@/shell/providers";
import "@/styles/tokens.css";
import "@/styles/base.css";

const sans = localFont({
  src: "../node_modules/@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2",
  weight: "100 700",
  variable: "--font-sans",
});

const mono = localFont({
  src: "../node_modules/@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-500-normal.woff2",
  weight: "500",
  variable: "--font-mono",
  adjustFontFallback: false,
  preload: false, // the first page has no codes to show
});

export const metadata: Metadata = {
  title: { default: texts.product, template: `%s · ${texts.product}` },
  description: texts.description,
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#0c2d2b" },
    { media: "(prefers-color-scheme: dark)", color: "#0a1110" },
  ],
};

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        {/* It has to run before the first paint, and may not stand in the page itself (CSP). */}
        {/* eslint-disable-next-line @next/next/no-sync-scripts */}
        <script src="/theme.js" />
      </head>
      <body>
        <noscript>{texts.needsScript}</noscript>
        <Providers>
          <Frame>{children}</Frame>
        </Providers>
      </body>
    </html>
  );
}
