import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { isWithin, readAddress } from "./address.ts";
import { kindOfAddress, SPECIAL_BLOCKS, type AddressKind } from "./address-kind.ts";

// First and last address of blocks of the IANA registries (RFC 6890 §2.2.2, §2.2.3), and their neighbours.
const KINDS: Readonly<Record<string, AddressKind>> = {
  "0.0.0.0": "unspecified",
  "0.0.0.1": "reserved",
  "9.255.255.255": "global",
  "10.0.0.0": "private",
  "10.255.255.255": "private",
  "11.0.0.0": "global",
  "100.63.255.255": "global",
  "100.64.0.0": "shared",
  "100.127.255.255": "shared",
  "100.128.0.0": "global",
  "127.0.0.1": "loopback",
  "169.254.0.1": "link-local",
  "172.15.255.255": "global",
  "172.16.0.0": "private",
  "172.31.255.255": "private",
  "172.32.0.0": "global",
  "192.0.0.8": "reserved",
  "192.0.0.9": "global",
  "192.0.2.1": "documentation",
  "192.168.255.255": "private",
  "198.17.255.255": "global",
  "198.18.0.0": "benchmarking",
  "198.19.255.255": "benchmarking",
  "198.51.100.7": "documentation",
  "203.0.113.7": "documentation",
  "224.0.0.251": "multicast",
  "239.255.255.250": "multicast",
  "240.0.0.1": "reserved",
  "255.255.255.255": "broadcast",
  "8.8.8.8": "global",
  "::": "unspecified",
  "::1": "loopback",
  "::ffff:10.0.0.1": "private",
  "64:ff9b::808:808": "translation",
  "2001:db8::1": "documentation",
  "2001:4860:4860::8888": "global",
  "fbff::1": "global",
  "fc00::1": "unique-local",
  "fdff::1": "unique-local",
  "fe80::1": "link-local",
  "fe80::1%eth0": "link-local",
  "febf::1": "link-local",
  "fec0::1": "global",
  "ff02::fb": "multicast",
  "": "unknown",
  "1.2.3": "unknown",
  "01.2.3.4": "unknown",
  "example.org": "unknown",
};

test("addresses are of the kind that the registries say", () => {
  for (const [address, kind] of Object.entries(KINDS)) {
    assert.equal(kindOfAddress(address), kind, address);
  }
});

test("every block of the table reads", () => {
  for (const { prefix } of SPECIAL_BLOCKS) {
    assert.notEqual(readAddress(prefix.split("/")[0] ?? ""), undefined, prefix);
  }
});

test("an address is read where and only where node:net takes it for one", () => {
  const texts = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string(),
    fc.string({
      unit: fc.constantFrom("0", "1", "2", "25", "9", "a", "ff", ":", "::", "."),
      maxLength: 24,
    }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      // A zone is cut off before reading, whatever stands in it.
      if (!text.includes("%"))
        assert.equal(readAddress(text) !== undefined, isIP(text) !== 0, text);
    }),
  );
});

test("the words of an address are its bits", () => {
  assert.deepEqual(readAddress("1.2.3.4"), { version: 4, words: [0x01020304] });
  assert.deepEqual(readAddress("2001:db8::a:b"), {
    version: 6,
    words: [0x20010db8, 0, 0, 0x000a000b],
  });
  const [inside, block] = [readAddress("100.100.0.1"), readAddress("100.64.0.0")];
  assert.ok(inside !== undefined && block !== undefined);
  assert.ok(isWithin(inside, block, 10));
  assert.ok(!isWithin(inside, block, 16));
  assert.ok(isWithin(inside, block, 0));
});
