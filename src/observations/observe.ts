/**
 * The observations stage: canaries, their decoys and recognised personal data, found in the
 * content of messages and in raw bytes. Each observation carries what is needed to check it.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { DocumentNode, NodeVisitor } from "../content/document.ts";
import type { Chunk, Flow, Side } from "../flows/flow.ts";
import { MAX_OBSERVATION_GROUPS, MAX_OBSERVATIONS_ALIKE } from "../limits.ts";
import type { Platform } from "../platform.ts";
import type { Message, Part } from "../protocols/message.ts";
import type { Canary } from "./canary.ts";
import { deriveNeedles, type Needle } from "./derive.ts";
import { searchNodes, type NodeHit, type SearchSetting } from "./document-search.ts";
import { FruitlessMessages, FruitlessValues } from "./fruitless.ts";
import { counts } from "./hit.ts";
import { NeedleSearch } from "./needle-search.ts";
import type { CanarySearch, Observation } from "./observation.ts";
import { placed, streamRange, valueText } from "./observed-value.ts";
import { RawSearch, type RawHit } from "./raw-search.ts";
import { recognize, type DecodedPart, type RecognizedValue } from "./recognize.ts";
import { RECOGNIZERS, type RecognizerSet } from "./recognizers/index.ts";
import { KeyReader } from "./telling-keys.ts";

/** Decodes a part of a message and shows every node, parents before children: the content stage. */
export type DecodePart = (
  part: Part,
  platform: Platform,
  visit: NodeVisitor,
  sink: DecodeSink,
) => unknown;

/** Takes what could not be decoded: a kebab-case name, and the reason for people. */
export interface DecodeSink {
  anomaly(name: string, reason: string): void;
}

/** Takes what this stage gives. */
export interface ObservationSink {
  observation(observation: Observation): void;
  readonly anomaly: AnomalySink;
}

export interface ObservationOptions {
  readonly canaries: readonly Canary[];
  readonly platform: Platform;
  readonly decode: DecodePart;
  readonly sink: ObservationSink;
  /** Left out: all that come with the tool. */
  readonly recognizers?: RecognizerSet;
}

/** Bytes searched for canaries and decoys. A byte of a message counts as raw and, decoded, once more. */
export interface SearchedBytes {
  readonly raw: number;
  readonly decoded: number;
}

/**
 * Takes messages and raw bytes in any order; gives observations of a message at once, those of raw
 * bytes when their flow is closed, so that a message can explain them first. Never throws on input.
 */
export class ObservationStage {
  readonly #options: ObservationOptions;
  readonly #recognizers: RecognizerSet;
  readonly #keys = new KeyReader();
  readonly #setting: SearchSetting;
  readonly #raw: RawSearch | undefined;
  readonly #forms: readonly (readonly string[])[];
  readonly #decoys: readonly number[];
  readonly #hits: number[];
  readonly #decoyHits: number[];
  readonly #secrets: readonly string[];
  readonly #alike = new Map<string, number>();
  readonly #fruitless = new FruitlessMessages();
  readonly #fruitlessValues = new FruitlessValues();
  /** Raised with whatever a message gives: observations, anomalies, matches that do not count. */
  #finds = 0;
  #decodedBytes = 0;
  #contextualDropped = 0;
  #alikeDropped = 0;

  constructor(options: ObservationOptions) {
    this.#options = options;
    this.#recognizers = options.recognizers ?? RECOGNIZERS;
    const { needles, forms, decoys } = deriveNeedles(options.canaries, options.platform);
    this.#forms = forms;
    this.#decoys = decoys;
    this.#hits = options.canaries.map(() => 0);
    this.#decoyHits = options.canaries.map(() => 0);
    this.#secrets = options.canaries.map(({ value }) => value.trim());
    this.#setting = {
      search: new NeedleSearch(needles),
      needles,
      properties: options.canaries.map(({ property }) => property),
      readKey: (name) => this.#keys.read(name),
    };
    this.#raw = needles.length === 0 ? undefined : this.#rawSearch(needles);
  }

  /** Takes one message: its parts are decoded, searched and shown to the recognisers. */
  message(message: Message): void {
    if (message.parts.length === 0) return;
    const known = this.#fruitless.find(message);
    if (known !== undefined) {
      this.#decodedBytes += known;
      return;
    }
    const before = { finds: this.#finds, decoded: this.#decodedBytes };
    this.#look(message);
    if (this.#finds === before.finds) {
      this.#fruitless.remember(message, this.#decodedBytes - before.decoded);
    }
  }

  #look(message: Message): void {
    const parts = message.parts.map((part) => this.#decode(message, part));
    const hits = this.#searchParts(message, parts);
    const { found, skipped } = recognize(message, parts, this.#recognizers, {
      readKey: this.#setting.readKey,
      fruitless: this.#fruitlessValues,
    });
    if (skipped > 0)
      this.#note(
        message,
        "values-not-looked-at",
        `${skipped} values beyond the limit of one message`,
      );
    this.#finds += found.length;
    for (const { part, hit } of hits) this.#give(this.#ofHit(message, part, hit));
    for (const one of found) {
      if (!hits.some(({ hit }) => isExplained(one, hit)))
        this.#give(this.#ofRecognized(message, one));
    }
  }

  /** Takes raw bytes that encryption does not hide: a piece of a stream, or a datagram. */
  raw(flow: Flow, side: Side, chunk: Chunk): void {
    this.#raw?.push(flow, side, chunk);
  }

  /** The flow is over: gives what its raw bytes held and no message explained. */
  close(flow: Flow): void {
    this.#raw?.close(flow);
  }

  /** No more input: closes all flows. */
  end(): void {
    this.#raw?.end();
  }

  /** What was searched for each canary, in the order of the canaries. */
  searches(): readonly CanarySearch[] {
    return this.#options.canaries.map(({ id }, i) => ({
      canary: id,
      forms: this.#forms[i] ?? [],
      hits: this.#hits[i] ?? 0,
      decoys: this.#decoys[i] ?? 0,
      decoyHits: this.#decoyHits[i] ?? 0,
    }));
  }

  /** Bytes searched so far; nothing is searched where there are no canaries. */
  get searched(): SearchedBytes {
    return { raw: this.#raw?.bytes ?? 0, decoded: this.#decodedBytes };
  }

  /** All bytes searched so far. */
  get bytesSearched(): number {
    return this.searched.raw + this.searched.decoded;
  }

  /** Weak matches of canaries that nothing beside them supported: counted, not given. */
  get contextualDropped(): number {
    return this.#contextualDropped;
  }

  /** Observations like {@link MAX_OBSERVATIONS_ALIKE} others: counted, not given. */
  get alikeDropped(): number {
    return this.#alikeDropped;
  }

  #rawSearch(needles: readonly Needle[]): RawSearch {
    return new RawSearch(this.#setting.search, needles, (hits, dropped) => {
      this.#contextualDropped += dropped;
      for (const hit of hits) {
        if (this.#countHit(hit.meaning)) this.#give(this.#ofRaw(hit));
      }
    });
  }

  #decode(message: Message, part: Part): DecodedPart {
    const nodes: DocumentNode[] = [];
    const { decode, platform, sink } = this.#options;
    const { input, frame, flow } = message;
    const place = { input, frame, flow: flow.id };
    decode(part, platform, (node) => nodes.push(node), {
      anomaly: (name, reason) => {
        this.#finds++;
        sink.anomaly({ stage: "content", name, place, reason: `${part.path}: ${reason}` });
      },
    });
    return { part, nodes };
  }

  /** Searches all parts, drops weak matches without support, counts the rest, and gives those of real canaries. */
  #searchParts(
    message: Message,
    parts: readonly DecodedPart[],
  ): readonly { part: Part; hit: NodeHit }[] {
    if (this.#raw === undefined) return [];
    const all: { part: Part; hit: NodeHit }[] = [];
    for (const { part, nodes } of parts) {
      const { hits, bytesSearched, isCut } = searchNodes(nodes, this.#setting);
      this.#decodedBytes += bytesSearched;
      if (isCut)
        this.#note(
          message,
          "matches-not-looked-at",
          "more matches of canaries than are looked at in one part",
        );
      for (const hit of hits) all.push({ part, hit });
    }
    this.#finds += all.length;
    const others = all.map(({ hit }) => hit);
    const given: { part: Part; hit: NodeHit }[] = [];
    for (const one of all) {
      if (!counts(one.hit, others)) {
        this.#contextualDropped++;
        continue;
      }
      const { canary, variant } = one.hit.meaning;
      const { from, length, node } = one.hit;
      const range = streamRange(node, { start: from, end: from + length }, message);
      this.#raw.cover(message.flow, { side: message.side, canary, variant, ...range });
      if (this.#countHit(one.hit.meaning)) given.push(one);
    }
    return given;
  }

  /** Counts a match; whether it is of a canary itself and not of a decoy. */
  #countHit({ canary, variant }: { readonly canary: number; readonly variant: number }): boolean {
    const counters = variant === 0 ? this.#hits : this.#decoyHits;
    counters[canary] = (counters[canary] ?? 0) + 1;
    return variant === 0;
  }

  #ofHit(message: Message, part: Part, hit: NodeHit): Observation {
    const { node, from, length, meaning } = hit;
    const source = this.#canarySource(hit);
    return {
      ...source,
      ...placed(message, part, { node, start: from, end: from + length }, this.#secrets),
      value: valueText(node.bytes, from, from + length),
      placeholder: null,
      form: meaning.form,
      contextual: meaning.weak,
    };
  }

  #ofRaw(hit: RawHit): Observation {
    const { flow, side, input, frame, frames, ts, at, length, value, excerpt, meaning } = hit;
    const source = this.#canarySource(hit);
    const recipe = [
      {
        operation: flow.protocolName === "tcp" ? "stream" : "datagrams",
        at: null,
        start: at,
        end: at + length,
      },
    ];
    const where = {
      channel: "clear" as const,
      protocol: "raw",
      place: `raw bytes at offset ${at}`,
      key: "",
      recipe,
      start: at,
      end: at + length,
    };
    const when = { flow, side, input, frame, frames, ts };
    return {
      ...source,
      ...when,
      ...where,
      value,
      placeholder: null,
      form: meaning.form,
      contextual: meaning.weak,
      excerpt,
    };
  }

  #canarySource({ meaning }: Pick<NodeHit, "meaning">): Pick<Observation, "property" | "source"> {
    const canary = this.#options.canaries[meaning.canary];
    return {
      property: canary?.property ?? "",
      source: { kind: "canary", canary: canary?.id ?? "", derivation: meaning.derivation },
    };
  }

  #ofRecognized(message: Message, found: RecognizedValue): Observation {
    const { context, property, start, end, recognizer, reason, confidence } = found;
    const value = found.value ?? valueText(context.node.bytes, start, end);
    return {
      property,
      source: { kind: "recognizer", recognizer, reason, confidence },
      ...placed(message, context.part, { node: context.node, start, end }, [
        ...this.#secrets,
        value,
      ]),
      value,
      placeholder: found.placeholder ?? null,
      form: found.form ?? "clear",
      contextual: false,
    };
  }

  /** Gives an observation unless enough like it were given: the same value to the same address in the same place. */
  #give(observation: Observation): void {
    const { source, flow, side } = observation;
    const receiver = flow.ends[side === 0 ? 1 : 0].address;
    const by = source.kind === "canary" ? source.canary : source.recognizer;
    const key = [
      observation.property,
      by,
      receiver,
      side,
      observation.form,
      observation.place,
      observation.value,
    ].join("\n");
    const seen = this.#alike.get(key) ?? 0;
    if (seen >= MAX_OBSERVATIONS_ALIKE) {
      this.#alikeDropped++;
      return;
    }
    if (seen > 0 || this.#alike.size < MAX_OBSERVATION_GROUPS) this.#alike.set(key, seen + 1);
    this.#options.sink.observation(observation);
  }

  #note(message: Message, name: string, reason: string): void {
    this.#finds++;
    const { input, frame, flow } = message;
    this.#options.sink.anomaly({
      stage: "observations",
      name,
      place: { input, frame, flow: flow.id },
      reason,
    });
  }
}

/** Whether `node` is what the text of `source` comes to once it is decoded: a value in other letters. */
function isDecodedFrom(node: DocumentNode, source: DocumentNode): boolean {
  let at: DocumentNode | undefined = node;
  while (at !== undefined && at !== source) at = at.key === source.key ? at.parent : undefined;
  return at === source;
}

/**
 * Whether a canary was found in the bytes that a recogniser claims: the canary says what they are. A
 * weak match must hold all of them: a local part explains no whole e-mail address.
 */
function isExplained(found: RecognizedValue, hit: NodeHit): boolean {
  if (hit.node !== found.context.node) return isDecodedFrom(hit.node, found.context.node);
  const stop = hit.from + hit.length;
  if (hit.meaning.weak) return hit.from <= found.start && found.end <= stop;
  return found.start < stop && hit.from < found.end;
}
