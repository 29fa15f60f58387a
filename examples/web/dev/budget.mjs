/** Fails when the first page asks for more script than it may. After `next build`. */
import { readFileSync, existsSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const LIMIT = 250_000; // bytes, gzip, of what the first page loads before it is of use
const out = fileURLToPath(new URL("../out/", import.meta.url));
const html = readFileSync(`${out}index.html`, "utf8");
const scripts = [...new Set([...html.matchAll(/<script[^>]*\bsrc="\/([^"?]+)[^"]*"([^>]*)>/g)].map(([, src]) => src))]
  .filter((src) => !isForOldBrowsers(src))
  .filter((src) => existsSync(out + src));
const size = (src) => gzipSync(readFileSync(out + src)).length;
const total = scripts.reduce((sum, src) => sum + size(src), 0);

/** Next adds polyfills that browsers with modules do not load. */
function isForOldBrowsers(src) {
  return new RegExp(`<script[^>]*${src}[^>]*noModule`, "i").test(html);
}

console.log(`first page: ${scripts.length} scripts, ${Math.round(total / 1000)} kB gzip of ${LIMIT / 1000} kB`);
if (scripts.length === 0 || total > LIMIT) process.exit(1);
