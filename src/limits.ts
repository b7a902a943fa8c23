/**
 * Every limit on untrusted input, with its unit and reason.
 *
 * @module
 */

/** Bytes of one frame. Segmentation offload gives 64 KiB, BIG TCP more; Wireshark's own cap is 256 KiB. */
export const MAX_FRAME_BYTES: number = 4 * 1024 * 1024;
/** Bytes of one pcapng block, secrets and custom blocks included; a larger one is a broken length. */
export const MAX_BLOCK_BYTES: number = 64 * 1024 * 1024;
/** IP layers in one frame. Real tunnels nest three deep; beyond lies an attack. */
export const MAX_IP_LAYERS = 8;
/** Link headers (VLAN tags, MPLS labels, …) in one frame. */
export const MAX_LINK_HEADERS = 32;
/** IPv6 extension headers in one packet (RFC 8200 allows each once; some twice). */
export const MAX_EXTENSION_HEADERS = 16;
/** Datagrams under reassembly at once, and bytes they may hold (RFC 8900 §3.5: attackers send first halves). */
export const MAX_PENDING_DATAGRAMS = 4096;
export const MAX_PENDING_DATAGRAM_BYTES: number = 16 * 1024 * 1024;
/** Bytes of one reassembled IP datagram (RFC 791: 16-bit length; IPv6 payload likewise). */
export const MAX_DATAGRAM_BYTES = 65_575;
/** µs after which a half-seen datagram is given up (RFC 1122 §3.3.2: 60 to 120 s). */
export const FRAGMENT_TIMEOUT_US = 120_000_000;
/** Out-of-order bytes held for one direction of a TCP stream; more than the largest common window. */
export const MAX_OUT_OF_ORDER_BYTES: number = 8 * 1024 * 1024;
/** Out-of-order segments held for one direction. */
export const MAX_OUT_OF_ORDER_SEGMENTS = 4096;
/** Out-of-order bytes held over all streams. */
export const MAX_OUT_OF_ORDER_TOTAL_BYTES: number = 64 * 1024 * 1024;
/** First payload bytes kept of each side of a flow, for classifying what nobody reads. */
export const FIRST_BYTES_KEPT = 64;
/** Bytes of a stream after which an undecided probe counts as no. */
export const PROBE_BYTES = 4096;

/** Compression pointers followed in one DNS name; a name has at most 127 labels (RFC 1035 §2.3.4). */
export const MAX_DNS_POINTERS = 128;
/** Bytes of one TLS handshake message; certificate chains reach some 100 KiB (RFC 8446 allows 16 MiB). */
export const MAX_TLS_HANDSHAKE_BYTES: number = 1024 * 1024;
/** Bytes of CRYPTO data held for one QUIC connection while its ClientHello is incomplete. */
export const MAX_QUIC_CRYPTO_BYTES: number = 128 * 1024;
/** QUIC connections remembered at once for one flow. */
export const MAX_QUIC_CONNECTIONS = 64;
/** Bytes of an HTTP start line with all header fields; common servers stop at 8 to 64 KiB. */
export const MAX_HTTP_HEAD_BYTES: number = 256 * 1024;
/** Header fields of one HTTP message. */
export const MAX_HTTP_HEADERS = 1000;
/** Bytes of one HTTP body that are kept for decoding; what lies beyond is still searched as raw bytes. */
export const MAX_BODY_BYTES: number = 8 * 1024 * 1024;
/** Bytes of one message of Xiaomi's push protocol. */
export const MAX_PUSH_MESSAGE_BYTES: number = 1024 * 1024;

/** Depth of nested decodings of one part of a message. */
export const MAX_DECODE_DEPTH = 10;
/** Bytes that all decodings of one part may produce together; stops decompression bombs. */
export const MAX_DECODED_BYTES: number = 64 * 1024 * 1024;
/** Bytes that one decompression may produce. */
export const MAX_INFLATED_BYTES: number = 32 * 1024 * 1024;
/** Values of one decoded part. */
export const MAX_DOCUMENT_NODES = 200_000;

/** Anomalies kept with place and reason, of each name; the rest are only counted. */
export const MAX_ANOMALIES_KEPT = 20;
/** Bytes of a HAR file: it is parsed as one JSON text, and V8's strings end at 512 MiB. */
export const MAX_HAR_BYTES: number = 480 * 1024 * 1024;
/** Bytes of a device file or a run log. */
export const MAX_DEVICE_FILE_BYTES: number = 1024 * 1024;
/** Observations kept of one value at one destination in one place; the rest are only counted. */
export const MAX_OBSERVATIONS_ALIKE = 50;
