/**
 * Shows the page while it is worked on: `npm run dev` passes /api on to a server of aircargo
 * (AIRCARGO_SERVER, default http://127.0.0.1:8080) and all else to Next, which draws anew what changes.
 */
import { spawn } from "node:child_process";
import http from "node:http";
import net from "node:net";
import { fileURLToPath } from "node:url";

const SERVER = new URL(process.env.AIRCARGO_SERVER ?? "http://127.0.0.1:8080");
const PORT = Number(process.env.PORT ?? 3000);
const NEXT_PORT = PORT + 1;
const ofServer = /^\/(api|docs|openapi\.json|health|livez|readyz|metrics)/;

const target = (path) => (ofServer.test(path) ? SERVER : new URL(`http://127.0.0.1:${NEXT_PORT}`));

function pass(request, response) {
  const { hostname, port } = target(request.url);
  const onward = http.request(
    { hostname, port, path: request.url, method: request.method, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.headersSent || response.writeHead(502).end());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

/** Next tells the browser of changes over a web socket. */
function passSocket(request, socket, head) {
  const onward = net.connect(NEXT_PORT, "127.0.0.1", () => {
    const fields = request.rawHeaders.map((text, at) => (at % 2 ? `${text}\r\n` : `${text}: `)).join("");
    onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${fields}\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
  });
  onward.on("error", () => socket.destroy());
  socket.on("error", () => onward.destroy());
}

const next = spawn("npx", ["next", "dev", "--port", String(NEXT_PORT), "--hostname", "127.0.0.1"], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  stdio: "inherit",
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
});
next.on("exit", (code) => process.exit(code ?? 1));

http
  .createServer(pass)
  .on("upgrade", passSocket)
  .listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}/, API of ${SERVER}`));
