/**
 * The contract of a capture reader: bytes of a file in, frames out. A reader is
 * pulled, so that several captures can be merged by time, and it is fed, so that
 * it needs no I/O and bounded memory.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";

/** What {@link FrameReader.next} found. */
export const READ_STEP = {
  /** Not enough bytes: feed more, or finish. */
  more: 0,
  /** A frame; the reader's fields describe it until the next call. */
  frame: 1,
  /** The end of the capture, whole or broken off. */
  end: 2,
} as const;
export type ReadStep = (typeof READ_STEP)[keyof typeof READ_STEP];

/**
 * Reads one capture file. The frame fields are plain numbers, overwritten by each
 * `next()`: no object is made for a frame.
 */
export interface FrameReader {
  /** Takes more of the file. Copies what it keeps. */
  feed(chunk: Uint8Array): void;
  /** Says that the file ends here. */
  finish(): void;
  /** Steps to the next frame. Never throws on input. */
  next(): ReadStep;

  /** Buffer that holds the frame; valid until the next call of `next` or `feed`. */
  readonly bytes: Uint8Array;
  /** Offset of the frame's first byte in `bytes`. */
  readonly start: number;
  /** Bytes of the frame in the file. */
  readonly capturedLength: number;
  /** Bytes of the frame on the wire, at least `capturedLength`. */
  readonly originalLength: number;
  /** Microseconds since the Unix epoch, an integer; NaN where the file gives no time. */
  readonly ts: number;
  /** `LINKTYPE_` number (tcpdump registry). */
  readonly linkType: number;
  /** Offset of the frame's record in the file, in bytes (uncompressed). */
  readonly fileOffset: number;
  /** Comment of the frame (pcapng `opt_comment`; several joined by line ends), if any. */
  readonly comment: string | undefined;
  /** `epb_flags` of the frame (pcapng draft, section 4.3.1): bits 0-1 are 1 for inbound, 2 for outbound; 0 if unknown. */
  readonly flags?: number;
  /** Index of the frame's interface in {@link CaptureSummary.interfaces}; -1 where there is none. */
  readonly interfaceIndex?: number;

  /** What is known of the file so far. */
  readonly summary: CaptureSummary;
}

/** The file as a whole. */
export interface CaptureSummary {
  readonly format: "pcap" | "pcapng" | "snoop" | "har";
  /** Link types met, in order of appearance, each once. */
  readonly linkTypes: readonly number[];
  /** Frames stepped over so far. */
  readonly frames: number;
  /** Sum of original and of captured lengths so far, in bytes. */
  readonly originalBytes: number;
  readonly capturedBytes: number;
  /** Capture application, operating system and hardware, where the file names them. */
  readonly application: string | undefined;
  /** Bytes of the file fed so far (uncompressed). */
  readonly fileBytes?: number;
  /** Bytes of the file after its last whole record: what a cut or a broken length left unread. */
  readonly unreadBytes?: number;
  /** Frames that the capture says it lost (pcapng interface statistics and drop counts, snoop), if it says. */
  readonly droppedFrames?: number | undefined;
  /** Interfaces named by the file, in order of appearance, over all sections (pcapng). */
  readonly interfaces?: readonly CaptureInterface[];
  /** Number of pcapng blocks by name (`enhanced-packet`), or by type in hexadecimal (`0x00000bad`). */
  readonly blocks?: Readonly<Record<string, number>>;
}

/** One interface that a capture was made on. */
export interface CaptureInterface {
  readonly linkType: number;
  /** Most bytes kept of a frame; 0 for no limit. */
  readonly snapLength: number;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** Capture filter: what it excludes was never captured. */
  readonly filter: string | undefined;
  readonly operatingSystem: string | undefined;
}

/** What a capture file gives besides frames. */
export interface CaptureSink {
  readonly anomaly: AnomalySink;
  /** A decryption secrets block (pcapng draft, section 4.7): type code (0x544c534b = TLS key log) and data. */
  secrets(type: number, data: Uint8Array): void;
  /** A name resolution record: an address in text form and one name for it. */
  resolvedName(address: string, name: string): void;
}
