/**
 * What the phone does that no installed program does: SNTP, searches on the local network, and a
 * connection whose bytes mean nothing. A program of its own in the phone's namespace; takes
 * commands as JSON, one a line, and answers each with `done` or `failed`.
 *
 * Sources: RFC 4330 §5 (SNTP request), RFC 6762 §5.1 and RFC 6763 §9 (multicast DNS query for
 * all services), UPnP Device Architecture 1.1 §1.3.2 (M-SEARCH).
 */
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

export type AgentCommand =
  | { readonly kind: "time"; readonly host: string }
  | { readonly kind: "search-local-network"; readonly from: string }
  | {
      readonly kind: "opaque";
      readonly address: string;
      readonly port: number;
      readonly base64: string;
    };

const ANSWER_MS = 2000;

async function carryOut(command: AgentCommand): Promise<void> {
  switch (command.kind) {
    case "time":
      return askTime(command.host);
    case "search-local-network":
      return searchLocalNetwork(command.from);
    case "opaque":
      return sendOpaque(command);
  }
}

async function askTime(host: string): Promise<void> {
  const { address } = await lookup(host, { family: 4 });
  const request = Buffer.alloc(48);
  request[0] = (4 << 3) | 3; // version 4, mode 3: client
  const seconds = Date.now() / 1000 + 2_208_988_800; // from 1900 (RFC 4330 §3)
  request.writeUInt32BE(Math.floor(seconds) % 2 ** 32, 40);
  request.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 44);
  const socket = createSocket("udp4");
  socket.send(request, 123, address);
  await Promise.race([
    once(socket, "message"),
    failAfter(ANSWER_MS, "no answer of the time server"),
  ]);
  socket.close();
}

async function searchLocalNetwork(from: string): Promise<void> {
  const query = Buffer.concat([
    Buffer.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...["_services", "_dns-sd", "_udp", "local"].flatMap((label) => [
      Buffer.from([label.length]),
      Buffer.from(label),
    ]),
    Buffer.from([0, 0, 12, 0, 1]), // PTR, IN
  ]);
  const search =
    'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n';
  await sendMulticast({ from, port: 5353, group: "224.0.0.251", bytes: query });
  await sendMulticast({ from, port: 0, group: "239.255.255.250", bytes: Buffer.from(search) });
}

async function sendMulticast(to: {
  readonly from: string;
  /** Port to send from, 0 for any. */
  readonly port: number;
  readonly group: string;
  readonly bytes: Buffer;
}): Promise<void> {
  const socket = createSocket("udp4");
  socket.bind(to.port);
  await once(socket, "listening");
  socket.setMulticastInterface(to.from);
  const port = to.port === 0 ? 1900 : to.port;
  await new Promise<void>((resolve, reject) =>
    socket.send(to.bytes, port, to.group, (error) => (error === null ? resolve() : reject(error))),
  );
  socket.close();
}

async function sendOpaque(command: Extract<AgentCommand, { kind: "opaque" }>): Promise<void> {
  const socket = connect(command.port, command.address);
  await once(socket, "connect");
  socket.end(Buffer.from(command.base64, "base64"));
  socket.resume();
  await once(socket, "close");
}

function failAfter(ms: number, reason: string): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(reason)), ms).unref());
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    await carryOut(JSON.parse(line) as AgentCommand);
    console.log("done");
  } catch (error) {
    console.log(`failed: ${String(error)}`);
  }
}
