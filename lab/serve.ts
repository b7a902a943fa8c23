/**
 * The servers of the lab's internet: HTTP, HTTPS, NTP, and one that only listens. A program of its
 * own in the namespace of the internet; reads its {@link ServePlan} as JSON from the first argument.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTcp } from "node:net";

export interface ServePlan {
  readonly web: readonly {
    readonly address: string;
    /** Files of the certificate chain and its key. */
    readonly certificate: string;
    readonly key: string;
  }[];
  readonly time: readonly string[];
  readonly silent: readonly { readonly address: string; readonly port: number }[];
}

/** Answers as the services did in kind: an empty 204 to connectivity checks, a short JSON else. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  request.on("end", () => {
    if (request.url === "/generate_204") {
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end('{"code":0,"result":"ok"}\n');
  });
}

/** Server's answer: stratum 2, the client's transmit time given back (RFC 4330 §6). */
function timeAnswer(request: Buffer): Buffer {
  const reply = Buffer.alloc(48);
  reply[0] = (4 << 3) | 4; // version 4, mode 4: server
  reply[1] = 2;
  reply[2] = request[2] ?? 6;
  reply[3] = 0xec; // 2^-20 s
  reply.set([118, 163, 81, 61], 12); // reference identifier
  request.copy(reply, 24, 40, 48);
  const seconds = Date.now() / 1000 + 2_208_988_800;
  for (const at of [16, 32, 40]) {
    reply.writeUInt32BE(Math.floor(seconds) % 2 ** 32, at);
    reply.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), at + 4);
  }
  return reply;
}

const plan = JSON.parse(process.argv[2] ?? "{}") as ServePlan;
for (const { address, certificate, key } of plan.web) {
  const http = createHttp(answer).listen(80, address);
  const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
  const https = createHttps(tls, answer).listen(443, address);
  await Promise.all([once(http, "listening"), once(https, "listening")]);
}
for (const address of plan.time) {
  const socket = createSocket("udp4");
  socket.on("message", (request, peer) => {
    socket.send(timeAnswer(request), peer.port, peer.address);
  });
  socket.bind(123, address);
  await once(socket, "listening");
}
for (const { address, port } of plan.silent) {
  const server = createTcp((socket) => socket.resume()).listen(port, address);
  await once(server, "listening");
}
console.log("ready");
