import assert from "node:assert/strict";
import { test } from "node:test";
import { nodePlatform } from "../node/platform.ts";
import { toCommunityId } from "./community-id.ts";

const HOSTS = [Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 0, 0, 2)] as const;
const ip = (text: string): Uint8Array => {
  if (!text.includes(":")) return Uint8Array.from(text.split(".").map(Number));
  const [left = "", right = ""] = text.split("::");
  const parts = (half: string): string[] => half.split(":").filter((part) => part !== "");
  const missing = 8 - parts(left).length - parts(right).length;
  const all = [...parts(left), ...Array.from({ length: missing }, () => "0"), ...parts(right)];
  return Uint8Array.from(
    all.flatMap((part) => [parseInt(part, 16) >> 8, parseInt(part, 16) & 255]),
  );
};

type Vector = readonly [number, string, string, number, number, string];

/** corelight/community-id-spec, baseline/baseline_deflt.json; for ICMP the type and what it is paired with. */
const BASELINE: readonly Vector[] = [
  [
    58,
    "fe80::200:86ff:fe05:80da",
    "fe80::260:97ff:fe07:69ea",
    135,
    136,
    "dGHyGvjMfljg6Bppwm3bg0LO8TY=",
  ],
  [
    58,
    "fe80::260:97ff:fe07:69ea",
    "fe80::200:86ff:fe05:80da",
    136,
    135,
    "dGHyGvjMfljg6Bppwm3bg0LO8TY=",
  ],
  [
    58,
    "fe80::260:97ff:fe07:69ea",
    "fe80::200:86ff:fe05:80da",
    135,
    136,
    "zavyT/cezQr1fmImYCwYnMXbgck=",
  ],
  [
    58,
    "3ffe:501:1800:2345::2",
    "3ffe:507:0:1:200:86ff:fe05:80da",
    3,
    0,
    "2ObVBgIn28oZvibYZhZMBgh7WdQ=",
  ],
  [
    58,
    "3ffe:501:410:0:2c0:dfff:fe47:33e",
    "3ffe:507:0:1:200:86ff:fe05:80da",
    1,
    4,
    "hLZd0XGWojozrvxqE0dWB1iM6R0=",
  ],
  [
    58,
    "3ffe:507:0:1:200:86ff:fe05:80da",
    "3ffe:501:0:1001::2",
    128,
    129,
    "+TW+HtLHvV1xnGhV1lv7XoJrqQg=",
  ],
  [58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 134, "hO+sN4H+MG5MY/8hIrXPqc4ZQz0="],
  [58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 133, "pkvHqCL88/tg1k4cPigmZXUtL00="],
  [1, "192.168.0.89", "192.168.0.1", 8, 0, "X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  [1, "192.168.0.1", "192.168.0.89", 0, 8, "X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  [1, "10.0.0.1", "10.0.0.2", 11, 0, "YHxtAirCG//0OzkcVAukqKQN9xM="],
  [
    6,
    "2001:470:e5bf:dead:4957:2174:e82c:4887",
    "2607:f8b0:400c:c03::1a",
    63943,
    25,
    "/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
  ],
  [
    6,
    "2607:f8b0:400c:c03::1a",
    "2001:470:e5bf:dead:4957:2174:e82c:4887",
    25,
    63943,
    "/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
  ],
  [132, "192.168.170.8", "192.168.170.56", 7, 7, "MP2EtRCAUIZvTw6MxJHLV7N7JDs="],
  [132, "192.168.170.56", "192.168.170.8", 7, 7, "MP2EtRCAUIZvTw6MxJHLV7N7JDs="],
  [6, "128.232.110.120", "66.35.250.204", 34855, 80, "LQU9qZlK+B5F3KDmev6m5PMibrg="],
  [6, "66.35.250.204", "128.232.110.120", 80, 34855, "LQU9qZlK+B5F3KDmev6m5PMibrg="],
  [17, "192.168.1.52", "8.8.8.8", 54585, 53, "d/FP5EW3wiY1vCndhwleRRKHowQ="],
  [17, "8.8.8.8", "192.168.1.52", 53, 54585, "d/FP5EW3wiY1vCndhwleRRKHowQ="],
  [46, "10.1.12.1", "10.1.12.2", -1, -1, "KHlLkgoJW7ifUTyTSgyVfkFHzKw="],
  [46, "10.1.12.2", "10.1.12.1", -1, -1, "KHlLkgoJW7ifUTyTSgyVfkFHzKw="],
];
/** corelight/pycommunityid, tests/communityid_test.py. */
const PYCOMMUNITYID: readonly Vector[] = [
  [1, "192.168.0.89", "192.168.0.1", 20, 0, "3o2RFccXzUgjl7zDpqmY7yJi8rI="],
  [1, "192.168.0.89", "192.168.0.1", 20, 1, "tz/fHIDUHs19NkixVVoOZywde+I="],
  [1, "192.168.0.1", "192.168.0.89", 0, 20, "X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  [
    58,
    "3ffe:507:0:1:260:97ff:fe07:69ea",
    "3ffe:507:0:1:200:86ff:fe05:80da",
    3,
    0,
    "NdobDX8PQNJbAyfkWxhtL2Pqp5w=",
  ],
  [
    58,
    "3ffe:507:0:1:200:86ff:fe05:80da",
    "3ffe:507:0:1:260:97ff:fe07:69ea",
    3,
    0,
    "/OGBt9BN1ofenrmSPWYicpij2Vc=",
  ],
  [132, "192.168.170.8", "192.168.170.56", 7, 80, "jQgCxbku+pNGw8WPbEc/TS/uTpQ="],
  [6, "10.0.0.1", "10.0.0.2", 10, 11569, "SXBGMX1lBOwhhoDrZynfROxnhnM="],
  [46, "10.1.24.4", "10.1.12.1", -1, -1, "/nQI4Rh/TtY3mf0R2gJFBkVlgS4="],
];

test("toCommunityId() gives the identifiers of the specification's baseline", () => {
  for (const [protocol, source, destination, sourcePort, destinationPort, id] of [
    ...BASELINE,
    ...PYCOMMUNITYID,
  ]) {
    const ends = { source: ip(source), destination: ip(destination) };
    const got = toCommunityId({ ...ends, protocol, sourcePort, destinationPort }, nodePlatform);
    assert.equal(got, `1:${id}`, `${protocol} ${source} ${destination}`);
  }
});

test("toCommunityId() keeps flows without captured ports apart from those with port 0", () => {
  const of = (port: number): string =>
    toCommunityId(
      {
        source: HOSTS[0],
        destination: HOSTS[1],
        protocol: 6,
        sourcePort: port,
        destinationPort: port,
      },
      nodePlatform,
    );
  assert.notEqual(of(-1), of(0));
});
