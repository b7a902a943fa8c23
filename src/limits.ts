/**
 * Every limit on untrusted input, with its unit and reason.
 *
 * @module
 */

/** Bytes of one frame. Segmentation offload gives 64 KiB, BIG TCP more; Wireshark's own cap is 256 KiB. */
export const MAX_FRAME_BYTES: number = 4 * 1024 * 1024;
/** Bytes that a frame is believed to have had on the wire, captured or not; Wireshark's own cap. */
export const MAX_ORIGINAL_BYTES = 0x7fffffff;
/** Bytes of one pcapng block, secrets and custom blocks included; a larger one is a broken length. */
export const MAX_BLOCK_BYTES: number = 64 * 1024 * 1024;
/** Interfaces of one pcapng file, over all sections; the obsolete packet block can name as many. */
export const MAX_INTERFACES = 65_536;
/** Block types of one pcapng file that are counted apart; some forty are registered. */
export const MAX_BLOCK_TYPES = 256;
/** Names that the name resolution blocks of one pcapng file may give; bounds what a sink must keep. */
export const MAX_RESOLVED_NAMES = 1_000_000;
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
/** µs within which a fragment of a datagram that is whole already is a repetition, not one of a new datagram (RFC 4963). */
export const FRAGMENT_REPEAT_US = 1_000_000;
/** Out-of-order bytes held for one direction of a TCP stream; more than the largest common window. */
export const MAX_OUT_OF_ORDER_BYTES: number = 8 * 1024 * 1024;
/** Out-of-order segments held for one direction. */
export const MAX_OUT_OF_ORDER_SEGMENTS = 4096;
/** Out-of-order bytes held over all streams. */
export const MAX_OUT_OF_ORDER_TOTAL_BYTES: number = 64 * 1024 * 1024;
/** Packets of a flow that may come after a hole was acknowledged and still fill it; captures swap few. */
export const GAP_PATIENCE_PACKETS = 3;
/** Bytes by which a sequence number may jump; a farther one is of another connection (RFC 7323 §2.3: 1 GiB at most). */
export const MAX_SEQUENCE_JUMP: number = 64 * 1024 * 1024;
/** Bytes of data that may be captured before the SYN of their connection. */
export const MAX_LATE_SYN_BYTES: number = 1024 * 1024;
/** Gaps of one direction remembered, so that bytes that turn up late are not taken for repetitions. */
export const MAX_GAPS_REMEMBERED = 64;
/** Bytes of recent stream data kept over all flows, to compare retransmissions with; some seconds of traffic. */
export const SENT_HISTORY_BYTES: number = 16 * 1024 * 1024;
/** Pieces of recent stream data kept over all flows, and looked at for one retransmission. */
export const SENT_HISTORY_PIECES: number = 32 * 1024;
export const SENT_HISTORY_LOOKED_AT = 64;
/** First payload bytes kept of each side of a flow, for classifying what nobody reads. */
export const FIRST_BYTES_KEPT = 64;
/** Bytes of a stream after which an undecided probe counts as no. */
export const PROBE_BYTES = 4096;
/** Later segments of one side that are probed where the beginning of a stream is missing. */
export const MAX_LATE_PROBES = 32;
/** Times that one connection may be handed from a dissector to the next; proxies nest a few deep. */
export const MAX_HAND_OVERS = 16;

/** Compression pointers followed in one DNS name; a name has at most 127 labels (RFC 1035 §2.3.4). */
export const MAX_DNS_POINTERS = 128;
/** Labels read behind the first pointer of one DNS name; keeps a message of pointers from costing its square. */
export const MAX_DNS_LABELS = 1024;
/** Relays that one DHCPv6 message may pass, each putting it into its own (HOP_COUNT_LIMIT, RFC 8415 §7.6). */
export const MAX_DHCP_RELAYS = 8;
/** Bytes of one TLS handshake message; certificate chains reach some 100 KiB (RFC 8446 allows 16 MiB). */
export const MAX_TLS_HANDSHAKE_BYTES: number = 1024 * 1024;
/** Bytes of one TLS record's fragment: 2^14 and what encryption may add, 2048 before TLS 1.3 (RFC 5246 §6.2.3). */
export const MAX_TLS_RECORD_BYTES = 18_432;
/** Pieces of one TLS handshake message whose places are remembered; records can be one byte long. */
export const MAX_TLS_HANDSHAKE_PIECES = 1024;
/** Certificates of one TLS chain; real ones have two to five. */
export const MAX_TLS_CERTIFICATES = 100;
/** Certificates remembered with what was read of them, a power of two; devices meet the same servers again and again. */
export const REMEMBERED_CERTIFICATES = 1024;
/** Forms of ClientHello remembered with their fingerprints, a power of two. */
export const REMEMBERED_FINGERPRINTS = 256;
/** Messages remembered in which nothing was found, a power of two, and the most bytes that one of them has. */
export const REMEMBERED_FRUITLESS = 4096;
export const MAX_FRUITLESS_BYTES = 8192;
/** Values remembered in which nothing was recognised, a power of two, and the most characters that one has. */
export const REMEMBERED_FRUITLESS_VALUES = 16_384;
export const MAX_FRUITLESS_CHARACTERS = 256;
/** Handshake messages of one side of a DTLS association that are put together at once; a flight has at most six. */
export const MAX_DTLS_PENDING_MESSAGES = 16;
/** Holes and pieces of one handshake message that comes out of order; Chrome cuts its ClientHello into some ten. */
export const MAX_SPARSE_RANGES = 256;
/** Bytes of CRYPTO data held for one QUIC connection while its ClientHello is incomplete. */
export const MAX_QUIC_CRYPTO_BYTES: number = 128 * 1024;
/** QUIC connections remembered at once for one flow. */
export const MAX_QUIC_CONNECTIONS = 64;
/** Ids remembered of one QUIC connection; long headers show two of each peer, a Retry one more. */
export const MAX_QUIC_CONNECTION_IDS = 16;
/** Connections whose keys are tried on an Initial of which the ids match none; each costs two cipher calls. */
export const MAX_QUIC_CONNECTIONS_TRIED = 4;
/** Bytes of an HTTP start line with all header fields; common servers stop at 8 to 64 KiB. */
export const MAX_HTTP_HEAD_BYTES: number = 256 * 1024;
/** Header fields of one HTTP message. */
export const MAX_HTTP_HEADERS = 1000;
/** Bytes of one HTTP body that are kept for decoding; what lies beyond is still searched as raw bytes. */
export const MAX_BODY_BYTES: number = 8 * 1024 * 1024;
/** Holes in one HTTP body after which what still comes is only counted. */
export const MAX_BODY_RUNS = 64;
/** Requests of one HTTP/1 connection that wait for their response; browsers pipelined at most 32. */
export const MAX_HTTP_PENDING_REQUESTS = 1024;
/** Bytes of one message of Xiaomi's push protocol. */
export const MAX_PUSH_MESSAGE_BYTES: number = 1024 * 1024;
/** Frames of the push protocol that turn out false, per side, after which no more are looked for. */
export const MAX_PUSH_RESYNCS = 16;

/** Depth of nested decodings of one part of a message. */
export const MAX_DECODE_DEPTH = 10;
/** Bytes that all decodings of one part may produce together; stops decompression bombs. */
export const MAX_DECODED_BYTES: number = 64 * 1024 * 1024;
/** Bytes that one decompression may produce. */
export const MAX_INFLATED_BYTES: number = 32 * 1024 * 1024;
/** Values of one decoded part. */
export const MAX_DOCUMENT_NODES = 200_000;
/** Nesting of JSON arrays and objects, of XML elements, of protobuf messages: real ones stay below 64. */
export const MAX_NESTING = 256;

/** Anomalies kept with place and reason, of each name; the rest are only counted. */
export const MAX_ANOMALIES_KEPT = 20;
/** Bytes of a HAR file: it is parsed as one JSON text, and V8's strings end at 512 MiB. */
export const MAX_HAR_BYTES: number = 480 * 1024 * 1024;
/** Containers open at once where a fault of a HAR's JSON is looked for; real ones nest some ten deep. */
export const MAX_JSON_DEPTH = 10_000;
/** Characters of one JSON number there; a double has at most some 770 digits that matter. */
export const MAX_JSON_NUMBER_CHARS = 1000;
/** Bytes of a run log: some 300,000 lines. */
export const MAX_RUN_LOG_BYTES: number = 64 * 1024 * 1024;
/** Bytes of a device file. */
export const MAX_DEVICE_FILE_BYTES: number = 1024 * 1024;
/** Observations kept of one value at one destination in one place; the rest are only counted. */
export const MAX_OBSERVATIONS_ALIKE = 50;

/** Bytes of a canary's value; ten text messages joined, and what is kept of each stream grows with it. */
export const MAX_CANARY_BYTES = 1600;
/** Bytes of the shortest needle; three bytes turn up by chance in every megabyte. */
export const MIN_NEEDLE_BYTES = 4;
/** Made-up values searched beside each canary; four tell a chance rate of one in a few from none. */
export const DECOYS_PER_CANARY = 4;
/** Bytes of an excerpt, value included. */
export const MAX_EXCERPT_BYTES = 96;
/** Matches of needles looked at in one part of a message; a part made of repeated canaries has no end of them. */
export const MAX_HITS_PER_PART = 500;
/** Matches in raw bytes held for one flow until its messages are known. */
export const MAX_RAW_HITS_PER_FLOW = 2000;
/** Bytes of one value, and values of one message, that recognisers look at: identifiers are short. */
export const MAX_RECOGNIZED_BYTES = 1024;
export const MAX_RECOGNIZED_VALUES = 20_000;
/** Distinct keys whose words are remembered. */
export const MAX_KEYS_REMEMBERED = 4096;
/** Groups of alike observations that are counted apart, over the whole audit. */
export const MAX_OBSERVATION_GROUPS = 200_000;
/** Answers of DNS remembered for naming addresses; a phone asks some 10,000 times a day. */
export const MAX_DNS_ANSWERS_KEPT = 500_000;
/** Aliases (CNAME) followed in one answer of DNS; RFC 1034 §3.6.2 asks for none in a row, real ones reach some ten. */
export const MAX_DNS_ALIASES = 32;
/** Names remembered of one flow: connections for several hosts, certificates with many. */
export const MAX_NAMES_PER_FLOW = 200;
/** Stretches of one flow's requests remembered by the host that they were for. */
export const MAX_REQUEST_SPANS_PER_FLOW = 10_000;
