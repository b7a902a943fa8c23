/**
 * Search of raw bytes: whatever of a flow is not hidden by encryption, before and beside what
 * dissectors make of it. So nothing is missed for want of a dissector. What a message shows
 * to be a part of its structure is dropped here in favour of the message's observation.
 *
 * @module
 */
import type { Chunk, Flow, Side } from "../flows/flow.ts";
import { MAX_RAW_HITS_PER_FLOW } from "../limits.ts";
import { standsAlone } from "./boundary.ts";
import type { Needle } from "./derive.ts";
import { counts, withoutOverlaps, type Hit } from "./hit.ts";
import type { NeedleSearch } from "./needle-search.ts";
import type { Excerpt } from "./observation.ts";
import { excerptOf, valueText } from "./observed-value.ts";
import { StreamSearch, StreamTail, type Window } from "./stream-search.ts";

/** A match in raw bytes. `at` is its place in what the side sent. */
export interface RawHit extends Hit {
  readonly flow: Flow;
  readonly side: Side;
  readonly input: number;
  readonly frame: number;
  readonly frames: readonly number[];
  readonly ts: number;
  readonly value: string;
  readonly excerpt: Excerpt;
}

/** A value that a message's structure shows, and the bytes that carry it. */
export interface Covered {
  readonly side: Side;
  readonly canary: number;
  readonly variant: number;
  readonly start: number;
  readonly end: number;
}

/** Takes what is left of a flow's raw matches, and the number of weak ones among them that do not count. */
export type RawSink = (hits: readonly RawHit[], dropped: number) => void;

interface FlowState {
  readonly tails: [StreamTail | undefined, StreamTail | undefined];
  hits: RawHit[];
  covered: Covered[];
}

/** Where the bytes under search come from; one object, changed for each chunk. */
interface Source {
  flow: Flow;
  side: Side;
  input: number;
  frame: number;
  ts: number;
}

/** Searches raw bytes of all flows. */
export class RawSearch {
  /** Bytes searched so far. */
  bytes = 0;
  readonly #needles: readonly Needle[];
  readonly #streams: StreamSearch;
  readonly #sink: RawSink;
  readonly #flows = new Map<Flow, FlowState>();
  #source: Source | undefined;

  constructor(search: NeedleSearch, needles: readonly Needle[], sink: RawSink) {
    this.#needles = needles;
    this.#streams = new StreamSearch(
      search,
      needles.map(({ bytes }) => bytes.length),
    );
    this.#sink = sink;
  }

  push(flow: Flow, side: Side, chunk: Chunk): void {
    this.bytes += chunk.end - chunk.start;
    const { input, frame, ts } = chunk;
    this.#source = { flow, side, input, frame, ts };
    if (flow.protocolName === "tcp") {
      const { tails } = this.#stateOf(flow);
      const tail = (tails[side] ??= new StreamTail());
      this.#streams.push(tail, chunk, this.#match);
    } else {
      this.#streams.datagram(chunk, this.#match);
    }
  }

  /** Tells of a value that a message shows, which may come before or after its raw bytes. */
  cover(flow: Flow, covered: Covered): void {
    const state = this.#stateOf(flow);
    // The oldest go: they lie farthest from what is still to come.
    if (state.covered.length >= MAX_RAW_HITS_PER_FLOW)
      state.covered.splice(0, MAX_RAW_HITS_PER_FLOW >> 1);
    state.covered.push(covered);
  }

  /** The flow is over: gives the matches that no message explains. */
  close(flow: Flow): void {
    const state = this.#flows.get(flow);
    if (state === undefined) return;
    for (const side of [0, 1] as const) {
      const tail = state.tails[side];
      if (tail === undefined) continue;
      const { input, lastTs: ts } = flow;
      this.#source = { flow, side, input, frame: 0, ts };
      this.#streams.flush(tail, this.#match);
    }
    this.#give(state);
    this.#flows.delete(flow);
  }

  /** Closes all flows, in order of their appearance. */
  end(): void {
    const flows = [...this.#flows.keys()].sort((a, b) => a.index - b.index);
    for (const flow of flows) this.close(flow);
  }

  #stateOf(flow: Flow): FlowState {
    let state = this.#flows.get(flow);
    if (state === undefined) {
      state = { tails: [undefined, undefined], hits: [], covered: [] };
      this.#flows.set(flow, state);
    }
    return state;
  }

  readonly #match = (index: number, at: number, window: Window): void => {
    const needle = this.#needles[index];
    const source = this.#source;
    if (needle === undefined || source === undefined) return;
    const length = needle.bytes.length;
    const meanings = needle.meanings.filter(({ rule }) =>
      standsAlone(rule, window, at, at + length),
    );
    if (meanings.length === 0) return;
    const { flow, side, input, ts } = source;
    const start = window.offset + at - window.start;
    const frames = flow.framesOf(side, start, start + length);
    const frame = source.frame > 0 ? source.frame : (frames.at(-1) ?? flow.firstFrame);
    const view = window.bytes.subarray(window.start, window.end);
    const from = at - window.start;
    const place = { flow, side, input, frame, ts, frames: frames.length > 0 ? frames : [frame] };
    const shown = {
      value: valueText(view, from, from + length),
      excerpt: excerptOf(view, from, from + length),
    };
    const state = this.#stateOf(flow);
    if (state.hits.length >= MAX_RAW_HITS_PER_FLOW) this.#give(state);
    for (const meaning of meanings) {
      state.hits.push({
        meaning,
        space: side,
        at: start,
        length,
        isTold: false,
        ...place,
        ...shown,
      });
    }
  };

  #give(state: FlowState): void {
    const open = withoutOverlaps(state.hits.filter((hit) => !isCovered(hit, state.covered)));
    const counting = open.filter((hit) => counts(hit, open, NEAR_BYTES));
    state.hits = [];
    if (open.length > 0) this.#sink(counting, open.length - counting.length);
  }
}

function isCovered(hit: RawHit, covered: readonly Covered[]): boolean {
  return covered.some(
    ({ side, canary, variant, start, end }) =>
      side === hit.side &&
      canary === hit.meaning.canary &&
      variant === hit.meaning.variant &&
      hit.at < end &&
      start < hit.at + hit.length,
  );
}

/** Bytes between two weak matches that still support each other where no message says what belongs together. */
const NEAR_BYTES = 256;
