/**
 * What a device tells everybody on its network: its name by DHCP, its services by multicast
 * DNS and SSDP. Only what was told is kept here, never the values, which may be personal.
 *
 * @module
 */
import type { Flow, Side } from "../flows/flow.ts";
import type { Message } from "../protocols/message.ts";

/** A kind of announcement on a flow. */
export interface Announcement {
  readonly flow: Flow;
  readonly side: Side;
  /** What was told, in plain words: `its host name (DHCP)`. */
  readonly what: string;
  /** Whether it names the device itself: its name, address or model. */
  readonly identifies: boolean;
  readonly input: number;
  readonly frame: number;
}

/** Gathers announcements, each kind once a flow and side. */
export class AnnouncementCollector {
  private readonly found = new Map<Flow, Announcement[]>();

  message(message: Message): void {
    for (const [what, identifies] of contentOf(message)) {
      const list = this.found.get(message.flow) ?? [];
      this.found.set(message.flow, list);
      if (list.some((one) => one.what === what && one.side === message.side)) continue;
      const { flow, side, input, frame } = message;
      list.push({ flow, side, what, identifies, input, frame });
    }
  }

  on(flow: Flow): readonly Announcement[] {
    return this.found.get(flow) ?? [];
  }
}

function contentOf(message: Message): readonly (readonly [what: string, identifies: boolean])[] {
  switch (message.kind) {
    case "dhcp": {
      const told: [string, boolean][] = [];
      if (message.hostName !== null) told.push(["its host name (DHCP)", true]);
      if (message.vendorClass !== null)
        told.push(["its system's DHCP client (vendor class)", false]);
      if (message.clientMac !== null) told.push(["its hardware address (DHCP)", true]);
      return told;
    }
    case "dns":
      if (message.protocol === "dns") return [];
      if (!message.response) return [[`which names it looks for (${message.protocol})`, false]];
      return [[`its name and services (${message.protocol})`, true]];
    case "ssdp":
      return message.type === "search"
        ? [["which services it looks for (SSDP)", false]]
        : [["its services (SSDP)", true]];
    default:
      return [];
  }
}
