/**
 * Which dissectors to ask, and in which order. A registry is a value made of a list;
 * there is no global one.
 *
 * @module
 */
import type { Dissector } from "./dissector.ts";

/** What a dissector may read. */
export type Transport = "stream" | "datagram";

/** Dissectors by transport and port. */
export interface Registry {
  /**
   * All dissectors of `over`: first those whose `ports` name one of the two ports, the lower
   * port before the higher, then the rest; otherwise in the order of the list.
   *
   * @param portA Port of one end, or -1.
   * @param portB Port of the other.
   */
  candidates(over: Transport, portA: number, portB: number): readonly Dissector[];
}

/**
 * A registry of `dissectors`, in the order in which they are to be asked where no port decides.
 *
 * The orders are made once for each port that a dissector names, so that asking allocates
 * nothing for a flow; flows between two such ports share one order for each pair.
 *
 * @throws {RangeError} if there are more than {@link MAX_DISSECTORS}.
 */
export function createRegistry(dissectors: readonly Dissector[]): Registry {
  if (dissectors.length > MAX_DISSECTORS) {
    throw new RangeError(`${dissectors.length} dissectors given, at most ${MAX_DISSECTORS} fit`);
  }
  const streams = new PortOrder(dissectors.filter((one) => one.over !== "datagram"));
  const datagrams = new PortOrder(dissectors.filter((one) => one.over !== "stream"));
  return {
    candidates: (over, portA, portB) =>
      (over === "stream" ? streams : datagrams).candidates(portA, portB),
  };
}

/** Dissectors of one registry: which of them are still asked is one bit each of a small integer. */
export const MAX_DISSECTORS = 30;

class PortOrder {
  readonly #all: readonly Dissector[];
  readonly #byPort = new Map<number, readonly Dissector[]>();
  readonly #byPair = new Map<number, readonly Dissector[]>();

  constructor(all: readonly Dissector[]) {
    this.#all = all;
    for (const port of new Set(all.flatMap((one) => one.ports))) {
      this.#byPort.set(port, namingFirst(all, port));
    }
  }

  candidates(portA: number, portB: number): readonly Dissector[] {
    const a = this.#byPort.get(portA);
    const b = this.#byPort.get(portB);
    if (a === undefined || b === undefined) return a ?? b ?? this.#all;
    return portA === portB ? a : this.#pair(Math.min(portA, portB), Math.max(portA, portB));
  }

  #pair(low: number, high: number): readonly Dissector[] {
    const key = low * 65_536 + high;
    let order = this.#byPair.get(key);
    if (order === undefined) {
      order = namingFirst(namingFirst(this.#all, high), low);
      this.#byPair.set(key, order);
    }
    return order;
  }
}

/** `list` with those that name `port` in front, each group in its order. */
function namingFirst(list: readonly Dissector[], port: number): readonly Dissector[] {
  return [
    ...list.filter((one) => one.ports.includes(port)),
    ...list.filter((one) => !one.ports.includes(port)),
  ];
}
