/**
 * Delays frames between two interfaces, by the server that they come from or go to: the distance
 * of the lab's servers. A program of its own, run inside the namespace of the delay line; the
 * kernel's netem would do the same but is often not built in.
 *
 * Reads its {@link DelayPlan} as JSON from the first argument. Each frame comes with the 10 bytes
 * of a virtio-net header before it (Linux `tap`, IFF_VNET_HDR), which are handed on as they are,
 * so that segments not yet cut and checksums not yet filled stay what they are.
 */
import { constants, openSync, read, writeSync } from "node:fs";
import { isIPv6 } from "node:net";

/** What the delay line is told. */
export interface DelayPlan {
  /** Character devices of the two ends (macvtap). */
  readonly taps: readonly [string, string];
  /** Round-trip time in ms by address; half of it is spent each way. Others pass at once. */
  readonly rttMs: Readonly<Record<string, number>>;
}

const VNET_HEADER = 10;
const ETHERNET = 14;
const MAX_FRAME = 1 << 17;
/** Frames wait in order per address, so equal delays keep their order. */
const delays = new Map<string, number>();

function addressKey(bytes: Uint8Array, from: number, length: number): string {
  let key = "";
  for (let i = from; i < from + length; i++) key += String.fromCharCode(bytes[i] ?? 0);
  return key;
}

function parse(address: string): Uint8Array {
  if (!isIPv6(address)) return Uint8Array.from(address.split("."), Number);
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - groups.length - last.length }, () => "0");
  return Uint8Array.from(
    [...groups, ...zeros, ...last].flatMap((group) => {
      const value = parseInt(group, 16);
      return [value >> 8, value & 255];
    }),
  );
}

/** One-way delay of a frame in ms. */
function delayOf(frame: Uint8Array): number {
  const at = VNET_HEADER + ETHERNET;
  const type = ((frame[at - 2] ?? 0) << 8) | (frame[at - 1] ?? 0);
  const [source, length] = type === 0x0800 ? [at + 12, 4] : type === 0x86dd ? [at + 8, 16] : [0, 0];
  if (length === 0) return 0;
  return (
    delays.get(addressKey(frame, source, length)) ??
    delays.get(addressKey(frame, source + length, length)) ??
    0
  );
}

/** Hands on frames from one end to the other, each after its delay. */
function relay(from: number, to: number): void {
  const buffer = new Uint8Array(MAX_FRAME);
  const next = (): void =>
    read(from, buffer, 0, MAX_FRAME, null, (error, length) => {
      if (error !== null) process.exit(error.code === "EBADFD" ? 0 : 1);
      const frame = buffer.slice(0, length);
      const delay = delayOf(frame);
      if (delay === 0) send(to, frame);
      else setTimeout(() => send(to, frame), delay);
      next();
    });
  next();
}

function send(to: number, frame: Uint8Array): void {
  try {
    writeSync(to, frame);
  } catch {
    // The other end is going down or full: the frame is lost, as on any line.
  }
}

const plan = JSON.parse(process.argv[2] ?? "{}") as DelayPlan;
for (const [address, rtt] of Object.entries(plan.rttMs)) {
  const bytes = parse(address);
  delays.set(addressKey(bytes, 0, bytes.length), rtt / 2);
}
const [left, right] = plan.taps.map((path) => openSync(path, constants.O_RDWR));
if (left === undefined || right === undefined) throw new Error("two ends are expected");
relay(left, right);
relay(right, left);
console.log("ready");
