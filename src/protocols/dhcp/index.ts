/**
 * DHCP for IPv4 and IPv6: how a device introduces itself to a network. Host name, hardware
 * address, vendor class and the list of what it asks for tell make and model.
 *
 * @module
 */
import type { Chunk, Flow, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { Dissector, DissectorSink, FlowDissector, Opening, Probe } from "../dissector.ts";
import type { DhcpBytes } from "./message.ts";
import { decodeDhcpV4, isBootp, isDhcpV4 } from "./v4.ts";
import { decodeDhcpV6, isDhcpV6 } from "./v6.ts";

/** A dissector of DHCP. */
export function createDhcpDissector(): Dissector {
  return {
    name: "dhcp",
    over: "datagram",
    ports: [...V4_PORTS, ...V6_PORTS],
    probe,
    open: (opening) => new DhcpFlow(opening),
  };
}

/** Server and client (RFC 2131 §4.1), client and server (RFC 8415 §7.2). */
const V4_PORTS: readonly number[] = [67, 68];
const V6_PORTS: readonly number[] = [546, 547];

/** The cookie tells IPv4's messages on any port; IPv6's have no mark, so only on their ports. */
function probe(bytes: Uint8Array, start: number, end: number, flow: Flow): Probe {
  if (isOnV6Port(flow)) return isDhcpV6(bytes, start, end) ? "yes" : "no";
  const isOnPort = flow.ends.some(({ port }) => V4_PORTS.includes(port));
  const isMessage = isOnPort ? isBootp(bytes, start, end) : isDhcpV4(bytes, start, end);
  return isMessage ? "yes" : "no";
}

function isOnV6Port(flow: Flow): boolean {
  return flow.ends.some(({ port }) => V6_PORTS.includes(port));
}

class DhcpFlow implements FlowDissector {
  readonly encrypted = false;
  readonly #flow: Flow;
  readonly #out: DissectorSink;
  readonly #isV6: boolean;

  constructor({ flow, out }: Opening) {
    this.#flow = flow;
    this.#out = out;
    this.#isV6 = isOnV6Port(flow);
  }

  push(side: Side, chunk: Chunk): void {
    const { bytes, start, end, offset, input, frame, ts } = chunk;
    if (!this.#isV6 && !isBootp(bytes, start, end)) {
      this.#fault(side, chunk, { offset: start, reason: "no header of BOOTP or DHCP" });
      return;
    }
    const message: DhcpBytes = {
      bytes,
      start,
      end,
      base: offset - start,
      wantsParts: this.#out.wantsParts,
    };
    const { fields, parts, fault, readTo } = this.#isV6
      ? decodeDhcpV6(message)
      : decodeDhcpV4(message);
    const to = fault === undefined ? end : readTo;
    this.#out.count(side, BYTE_CLASS.read, to - start);
    if (fault !== undefined) this.#fault(side, chunk, fault, to);
    const place = { flow: this.#flow, side, input, frame, ts };
    const range = { start: offset, end: offset + (end - start) };
    this.#out.message({ kind: "dhcp", ...place, ...range, ...fields, parts });
  }

  gap(): void {
    return;
  }

  close(): void {
    return;
  }

  end(): void {
    return;
  }

  /** The bytes from `from` on are broken, or are cut off by the capture. */
  #fault(
    side: Side,
    chunk: Chunk,
    fault: { offset: number; reason: string },
    from: number = chunk.start,
  ): void {
    const isCut = (chunk.missing ?? 0) > 0;
    const byteClass = isCut ? BYTE_CLASS.incomplete : BYTE_CLASS.malformed;
    this.#out.count(side, byteClass, chunk.end - from);
    if (isCut) return;
    const { input, frame } = chunk;
    const offset = chunk.offset + (fault.offset - chunk.start);
    const place = { input, frame, offset, flow: this.#flow.id };
    const { reason } = fault;
    this.#out.anomaly({ stage: "protocols", name: "dhcp-malformed", place, reason });
  }
}
