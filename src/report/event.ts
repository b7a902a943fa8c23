/**
 * Events: what the dissectors read, one flat object each (design 4.4). Names follow Wireshark's
 * ground truth where the thing is the same, so that both can be compared field by field.
 *
 * @module
 */
import type { Anomaly } from "../anomaly.ts";
import { JsonKey } from "../bytes/json-bytes.ts";
import { toUtf8 } from "../bytes/text.ts";
import type { Flow, Side } from "../flows/flow.ts";
import type { Certificate, HttpHeader, Message } from "../protocols/message.ts";
import { EventLines, EventObject, type Event, type EventSink, type EventValue } from "./event-sink.ts";
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
