import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readMessages } from "../../../test/read-messages.ts";
import { nodePlatform } from "../../node/platform.ts";
import { createQuicDissector } from "../quic/index.ts";
import type { ClientHello } from "./client-hello.ts";
import { createTlsDissector } from "./index.ts";
import { toJa4 } from "./ja4.ts";
import type { Transport } from "./ja4.ts";

const ALPN = Uint8Array.from([0x68, 0x32, 0xba, 0xba, 0x68]); // "h2", GREASE, "h"

/** The example of FoxIO's technical details: Chrome, with GREASE put in. */
const CHROME: ClientHello = {
  version: 0x0303,
  random: { start: 0, end: 32 },
  ciphers: [
    0xaaaa, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014,
    0x009c, 0x009d, 0x002f, 0x0035,
  ],
  extensions: [
    0x3a3a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012,
    0x002b, 0xff01, 0x000b, 0x000a, 0x0015,
  ],
  serverName: undefined,
  alpn: [{ start: 0, end: 2 }],
  supportedVersions: [0x6a6a, 0x0304, 0x0303],
  signatureAlgorithms: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
  groups: [],
  pointFormats: [],
};

const ja4 = (changes: Partial<ClientHello> = {}, transport: Transport = "tcp"): string =>
  toJa4({ ...CHROME, ...changes }, ALPN, transport, nodePlatform);

test("the example of FoxIO's technical details", () => {
  assert.equal(ja4(), "t13d1516h2_8daaf6152771_e5627efa2ab1");
});

test("the first part by rule", () => {
  assert.match(ja4({}, "quic"), /^q13d1516h2_/);
  assert.match(ja4({ alpn: [] }), /^t13d151600_/);
  assert.match(ja4({ alpn: [{ start: 2, end: 4 }] }), /^t13d1516ba_/); // hexadecimal digits of ba ba
  assert.match(ja4({ alpn: [{ start: 4, end: 5 }] }), /^t13d1516hh_/);
  assert.match(ja4({ alpn: [{ start: 4, end: 4 }] }), /^t13d151600_/);
  assert.match(ja4({ extensions: [0x10] }), /^t13i1501h2_/);
  assert.match(ja4({ supportedVersions: [] }), /^t12d/);
  assert.match(ja4({ supportedVersions: [], version: 0x0300 }), /^ts3d/);
  assert.match(ja4({ supportedVersions: [0xfefd, 0xfefc] }, "dtls"), /^dd3d/);
  assert.match(ja4({ ciphers: new Array<number>(120).fill(1) }), /^t13d9916h2_/);
});

test("zeros stand where nothing is hashed", () => {
  const nothing = { ciphers: [], extensions: [0, 16], signatureAlgorithms: [] };
  assert.equal(ja4(nothing), "t13d0002h2_000000000000_000000000000");
});

test("FoxIO's own results of its captures", (t) => {
  const captures = join(process.cwd(), "../shared/captures");
  if (!existsSync(captures)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const dissectors = [createTlsDissector(nodePlatform), createQuicDissector(nodePlatform)];
  let compared = 0;
  for (const file of readdirSync(join(captures, "truth/ja4"))) {
    const name = file.replace(".ja4-expected.json", "");
    if (name === file) continue;
    const text = readFileSync(join(captures, "truth/ja4", file), "utf8");
    const streams = JSON.parse(text) as readonly Record<string, string>[];
    const found = new Set<string>();
    for (const message of readMessages(join(captures, "ja4", name), dissectors).messages) {
      if (message.kind !== "tls" || message.type !== "client_hello") continue;
      found.add(`${message.flow.ends[message.side].port} ${message.ja4}`);
    }
    for (const stream of streams) {
      const expected = stream["JA4.1"];
      // Its text on ALPN values that are not alphanumeric came later than this file ("99").
      if (expected === undefined || name === "tls-non-ascii-alpn.pcapng") continue;
      assert.ok(found.has(`${stream["srcport"]} ${expected}`), `${name} ${stream["stream"]}`);
      compared++;
    }
  }
  assert.ok(compared > 50, `${compared} compared`);
});
