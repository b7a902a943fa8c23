/**
 * Events: what the dissectors read, one flat object each (design 4.4). Names follow Wireshark's
 * ground truth where the thing is the same, so that both can be compared field by field.
 *
 * @module
 */
import type { Anomaly } from "../anomaly.ts";
import { jsonKeys } from "../bytes/json-bytes.ts";
import { toUtf8 } from "../bytes/text.ts";
import type { Flow, Side } from "../flows/flow.ts";
import type { Message } from "../protocols/message.ts";
import type { EventLines } from "./event-sink.ts";
import { EventObject, type Event, type EventSink } from "./event-sink.ts";
import { writeMessageFields } from "./message-fields.ts";

export type { Event, EventValue } from "./event-sink.ts";

/** The event of one message. */
export function toEvent(message: Message): Event {
  const object = new EventObject();
  writeMessage(object, message);
  return object.event(message.kind);
}

/** The event that closes a flow. `ts` is the time at which it is written, so that lines stay in order. */
export function toFlowEvent(flow: Flow, ts: number, application: string | null): Event {
  const object = new EventObject();
  writeFlow(object, flow, ts, application);
  return object.event("flow");
}

/** The event of an anomaly. */
export function toAnomalyEvent(anomaly: Anomaly, ts: number): Event {
  const object = new EventObject();
  writeAnomaly(object, anomaly, ts);
  return object.event("anomaly");
}

/** Adds the line of a message's event. */
export function addMessageLine(lines: EventLines, message: Message): void {
  lines.begin(BEGIN[message.kind]);
  writeMessage(lines, message);
  lines.end();
}

/** Adds the line of {@link toFlowEvent}. */
export function addFlowLine(
  lines: EventLines,
  flow: Flow,
  ts: number,
  application: string | null,
): void {
  lines.begin(BEGIN.flow);
  writeFlow(lines, flow, ts, application);
  lines.end();
}

/** Adds the line of {@link toAnomalyEvent}. */
export function addAnomalyLine(lines: EventLines, anomaly: Anomaly, ts: number): void {
  lines.begin(BEGIN.anomaly);
  writeAnomaly(lines, anomaly, ts);
  lines.end();
}

function writeMessage(sink: EventSink, message: Message): void {
  const { flow, side } = message;
  const source = flow.ends[side];
  const destination = flow.ends[side === 0 ? 1 : 0];
  writePlace(sink, flow.id, message);
  sink.endpoint(KEY.src, source.address, source.port);
  sink.endpoint(KEY.dst, destination.address, destination.port);
  writeMessageFields(sink, message);
}

function writePlace(
  sink: EventSink,
  flow: string | null,
  place: { readonly ts: number; readonly input: number; readonly frame: number },
): void {
  sink.number(KEY.ts, place.ts);
  sink.text(KEY.flow, flow);
  sink.number(KEY.input, place.input);
  sink.number(KEY.frame, place.frame);
}

function writeFlow(sink: EventSink, flow: Flow, ts: number, application: string | null): void {
  const [a, b] = flow.ends;
  sink.number(KEY.ts, ts);
  sink.text(KEY.flow, flow.id);
  sink.number(KEY.input, flow.input);
  sink.number(KEY.frame, flow.firstFrame);
  sink.text(KEY.proto, flow.protocolName);
  sink.text(KEY.application, application);
  sink.text(KEY.a, a.address);
  sink.number(KEY.a_port, toPort(a.port));
  sink.text(KEY.b, b.address);
  sink.number(KEY.b_port, toPort(b.port));
  sink.text(KEY.originator, flow.originator === 0 ? "a" : "b");
  sink.number(KEY.packets_ab, a.packets);
  sink.number(KEY.packets_ba, b.packets);
  sink.number(KEY.bytes_ab, a.frameBytes);
  sink.number(KEY.bytes_ba, b.frameBytes);
  sink.number(KEY.payload_ab, a.payloadBytes);
  sink.number(KEY.payload_ba, b.payloadBytes);
  sink.number(KEY.missing_ab, a.missing);
  sink.number(KEY.missing_ba, b.missing);
  sink.number(KEY.first, flow.firstTs);
  sink.number(KEY.last, flow.lastTs);
  sink.text(KEY.state, flow.state);
  if (flow.fragments > 0) sink.number(KEY.fragments, flow.fragments);
  const rtt = flow.handshakeRttUs;
  if (rtt !== undefined) sink.number(KEY.handshake_rtt_us, rtt);
  if (flow.app !== undefined) sink.text(KEY.app, flow.app);
  if (flow.parent !== undefined) {
    sink.text(KEY.parent, flow.parent.id);
    sink.text(KEY.carrier, flow.carrier ?? null);
  }
  const [carriedAb, carriedBa] = flow.carried;
  if (carriedAb + carriedBa > 0) {
    sink.number(KEY.carried_ab, carriedAb);
    sink.number(KEY.carried_ba, carriedBa);
  }
}

function writeAnomaly(sink: EventSink, anomaly: Anomaly, ts: number): void {
  const { place } = anomaly;
  sink.number(KEY.ts, ts);
  sink.text(KEY.flow, place.flow ?? null);
  sink.number(KEY.input, place.input);
  sink.number(KEY.frame, place.frame);
  sink.number(KEY.offset, place.offset ?? null);
  sink.text(KEY.stage, anomaly.stage);
  sink.text(KEY.name, anomaly.name);
  sink.text(KEY.reason, anomaly.reason);
}

/** Port in the report: null where the protocol has none. */
export function toPort(port: number): number | null {
  return port < 0 ? null : port;
}

/** Time in the report: null where the capture gives none. */
export function toTime(ts: number): number | null {
  return Number.isFinite(ts) ? ts : null;
}

/** `address:port` of one side, as the ground truth writes it. */
export function endpoint(flow: Flow, side: Side): string {
  const end = flow.ends[side];
  return end.port < 0 ? end.address : `${end.address}:${end.port}`;
}

function beginOf(kind: string): Uint8Array {
  return toUtf8(`{"kind":${JSON.stringify(kind)}`);
}

/** How the lines of each kind begin. */
const BEGIN: Readonly<Record<Message["kind"] | "flow" | "anomaly", Uint8Array>> = {
  flow: beginOf("flow"),
  anomaly: beginOf("anomaly"),
  dns: beginOf("dns"),
  tls: beginOf("tls"),
  quic: beginOf("quic"),
  http: beginOf("http"),
  dhcp: beginOf("dhcp"),
  ssdp: beginOf("ssdp"),
  ntp: beginOf("ntp"),
  "xiaomi-push": beginOf("xiaomi-push"),
};

const KEY = jsonKeys(
  "ts",
  "flow",
  "input",
  "frame",
  "src",
  "dst",
  "proto",
  "application",
  "a",
  "a_port",
  "b",
  "b_port",
  "originator",
  "packets_ab",
  "packets_ba",
  "bytes_ab",
  "bytes_ba",
  "payload_ab",
  "payload_ba",
  "missing_ab",
  "missing_ba",
  "first",
  "last",
  "state",
  "fragments",
  "handshake_rtt_us",
  "app",
  "parent",
  "carrier",
  "carried_ab",
  "carried_ba",
  "offset",
  "stage",
  "name",
  "reason",
);
