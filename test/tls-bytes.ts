/**
 * Bytes of TLS for tests: vectors of the standards, and what is made of them.
 *
 * @module
 */
import { fromHex } from "../src/bytes/hex.ts";

/** The 196-byte ClientHello of RFC 8448 §3. */
export const CLIENT_HELLO: Uint8Array = fromHex(
  "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302" +
    "010000910000000b0009000006736572766572ff01000100000a00140012001d001700180019010001010102010301" +
    "0400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c" +
    "002b0003020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d0002" +
    "0101001c00024001",
);

/** The 90-byte ServerHello of RFC 8448 §3. */
export const SERVER_HELLO: Uint8Array = fromHex(
  "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e003300" +
    "24001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304",
);

/**
 * A certificate made by OpenSSL 3: `openssl req -x509 -newkey ec -pkeyopt
 * ec_paramgen_curve:prime256v1 -set_serial 0x0123456789abcdef -subj "/C=TW/O=Example,
 * Inc./OU=Test+OU=Lab/CN=device.example.org" -addext "subjectAltName=DNS:device.example.org,
 * DNS:*.example.net,IP:192.0.2.1,IP:2001:db8::1:0:0:1,email:a@example.org"`.
 */
export const CERTIFICATE: Uint8Array = fromHex(
  "3082025a30820200a00302010202080123456789abcdef300a06082a8648ce3d040302305d310b3009060355040613025457" +
    "31163014060355040a0c0d4578616d706c652c20496e632e3119300a060355040b0c034c6162300b060355040b0c04546573" +
    "74311b301906035504030c126465766963652e6578616d706c652e6f7267301e170d3236313132333030343935315a170d33" +
    "36313132303030343935315a305d310b300906035504061302545731163014060355040a0c0d4578616d706c652c20496e63" +
    "2e3119300a060355040b0c034c6162300b060355040b0c0454657374311b301906035504030c126465766963652e6578616d" +
    "706c652e6f72673059301306072a8648ce3d020106082a8648ce3d0301070342000413505e9891b8795f8f2d5382889595d4" +
    "7645fc60584e0117115f43180ba033b951fbca14f44d321ac75e3c425ff9c7d55d057f405360fb800215d249846b44a1a381" +
    "a93081a6301d0603551d0e04160414f1878b2b29f66e196cda23d5d12ef6e048c3bc86301f0603551d23041830168014f187" +
    "8b2b29f66e196cda23d5d12ef6e048c3bc86300f0603551d130101ff040530030101ff30530603551d11044c304a82126465" +
    "766963652e6578616d706c652e6f7267820d2a2e6578616d706c652e6e65748704c0000201871020010db800000000000100" +
    "0000000001810d61406578616d706c652e6f7267300a06082a8648ce3d040302034800304502206976a52dd3d8ffa48b3b9b" +
    "d749a2a93973521024c3f0a981e84cf9c81b4b42df022100ad114e21869426446d795f3b0880bf0f129b9656b39b1565872d" +
    "9be7e645bb5b",
);

/** One record. */
export function record(type: number, fragment: Uint8Array, version = 0x0303): Uint8Array {
  const { length } = fragment;
  return concat([type, version >> 8, version & 255, length >> 8, length & 255], fragment);
}

/** One handshake message. */
export function handshake(type: number, body: Uint8Array): Uint8Array {
  return concat([type, ...uint24(body.length)], body);
}

/** A ServerHello of TLS 1.2 or older without extensions. */
export function oldServerHello(version: number, cipher: number): Uint8Array {
  const head = [version >> 8, version & 255];
  return handshake(2, concat(head, new Uint8Array(32), [0, cipher >> 8, cipher & 255, 0]));
}

/** A Certificate message of TLS 1.2 or older. */
export function certificateMessage(...certificates: Uint8Array[]): Uint8Array {
  const list = concat(...certificates.flatMap((one) => [uint24(one.length), one]));
  return handshake(11, concat(uint24(list.length), list));
}

/** Pieces as one. */
export function concat(...pieces: (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Three bytes, big-endian. */
export function uint24(value: number): number[] {
  return [value >> 16, (value >> 8) & 255, value & 255];
}
