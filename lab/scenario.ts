/**
 * The shape of a scenario: what is planted, which servers there are, and the steps of the run.
 * A scenario is data; `record.ts` carries it out.
 */
import type { Content } from "./content.ts";
import type { ServerHost } from "./network.ts";

/** A value planted on the phone or known beforehand. */
export interface Planted {
  readonly id: string;
  /** Term of the property vocabulary. */
  readonly property: string;
  readonly value: string;
  /** Why this value, and that it names nobody: for the device file. */
  readonly comment: string;
}

/** A server and what it answers. */
export interface ScenarioHost extends ServerHost {
  /** `web` speaks HTTP and, under its names, HTTPS; `page` HTTP/3 as well; `time` NTP; `silent` takes bytes and says nothing. */
  readonly serves: readonly ("web" | "page" | "time" | "silent")[];
}

/** An HTTP request, made by curl. */
export interface Request {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly path: Content;
  readonly headers?: Readonly<Record<string, Content>>;
  /** Left out: GET; given: POST. */
  readonly body?: Content;
}

/** A kind of data that a recipient may have. */
export interface Covered {
  readonly property: string;
  /** Id of the organisation. */
  readonly recipient: string;
}

/** What the maker said that it sends. */
export interface Declaration extends Covered {
  readonly purpose: string;
  readonly source: string;
}

/** One step of a run. */
export type Step =
  /** Begins a stretch with a stated condition; the phase before ends. */
  | { readonly kind: "phase"; readonly id: string; readonly title: string }
  | { readonly kind: "stimulus" | "sham"; readonly id: string; readonly title: string }
  | { readonly kind: "note"; readonly text: string }
  /** The user agrees to something, or an earlier agreement ends. */
  | { readonly kind: "consent"; readonly id: string; readonly covers: readonly Covered[] }
  | { readonly kind: "withdraw"; readonly id: string }
  /** Joins the Wi-Fi under a host name. */
  | { readonly kind: "join"; readonly hostName: Content }
  | { readonly kind: "leave" }
  | ({ readonly kind: "request" } & Request)
  /** Looks a name up, and nothing more. */
  | { readonly kind: "lookup"; readonly name: Content }
  | { readonly kind: "time"; readonly host: string }
  /** Multicast DNS and SSDP queries on the local network. */
  | { readonly kind: "search-local-network" }
  /** Connects to an address that no name leads to, and sends bytes that nobody can read. */
  | {
      readonly kind: "opaque";
      readonly address: string;
      readonly port: number;
      readonly content: Content;
    }
  /** Opens a page in a browser, over HTTP/3. */
  | { readonly kind: "page"; readonly url: string }
  | { readonly kind: "wait"; readonly ms: number };

/** One capture of the run: a file, and what happens while it is taken. */
export interface CapturePlan {
  /** File name without its ending. */
  readonly name: string;
  readonly comment: string;
  readonly steps: readonly Step[];
}

export interface Scenario {
  readonly device: { readonly make: string; readonly model: string; readonly build: string };
  /** User-Agent of its browser. */
  readonly browser: string;
  readonly phoneMac: string;
  readonly phoneAddress: string;
  readonly capturePoint: {
    readonly latitude: number;
    readonly longitude: number;
    readonly place: string;
  };
  readonly planted: readonly Planted[];
  readonly declarations: readonly Declaration[];
  readonly hosts: readonly ScenarioHost[];
  readonly captures: readonly CapturePlan[];
}
