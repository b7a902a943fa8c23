import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceSides, inferDevice } from "./device.ts";
import { fakeFlow } from "./test-world.ts";

const PHONE = "02:00:00:00:00:07";
const ROUTER = "02:00:00:00:00:01";

test("stated addresses are taken, and those that no flow shows are named", () => {
  const device = inferDevice([fakeFlow()], {
    make: "Xiaomi",
    addresses: ["192.168.1.7", "02-00-00-00-00-09"],
  });
  assert.equal(device.addressesFrom, "stated");
  assert.equal(device.make, "Xiaomi");
  assert.match(device.reason, /no flow shows 02-00-00-00-00-09/);
});

test("the local host that opens flows to the internet is the device, with all its addresses", () => {
  const flows = [
    fakeFlow({ fromMac: PHONE, toMac: ROUTER }),
    ...["1.1.1.1", "1.1.1.2", "1.1.1.3"].map((to) =>
      fakeFlow({ fromMac: PHONE, toMac: ROUTER, to }),
    ),
    fakeFlow({ from: "2001:b011:1::7", to: "2606:4700::1", fromMac: PHONE, toMac: ROUTER }),
    fakeFlow({ from: "192.168.1.1", to: "9.9.9.9", port: 53, fromMac: ROUTER, state: "none" }),
    // The capture shows replies behind the router: its MAC is not that of one machine.
    fakeFlow({ from: "8.8.4.4", to: "192.168.1.7", fromMac: ROUTER, toMac: PHONE, originator: 1 }),
    fakeFlow({ from: "0.0.0.0", to: "255.255.255.255", port: 67, fromMac: PHONE }),
  ];
  const device = inferDevice(flows);
  assert.deepEqual([...device.addresses].sort(), [PHONE, "192.168.1.7", "2001:b011:1::7"]);
  assert.equal(device.ambiguous, false);
  assert.match(device.reason, /local host that opened most flows/);
  const sides = new DeviceSides(device);
  assert.equal(sides.sideOf(flows.at(-1) ?? fakeFlow()), 0, "DHCP before an address is had");
  assert.equal(sides.sideOf(flows.at(-2) ?? fakeFlow()), 1);
  assert.equal(sides.sideOf(flows.at(-3) ?? fakeFlow()), undefined);
});

test("several hosts alike are all taken, and it is said", () => {
  const flows = ["192.168.1.7", "192.168.1.8"].map((from) => fakeFlow({ from }));
  const device = inferDevice(flows);
  assert.deepEqual([...device.addresses].sort(), ["192.168.1.7", "192.168.1.8"]);
  assert.ok(device.ambiguous);
  assert.match(device.reason, /state its addresses/);
});

test("with public addresses only, who opens the flows is the device", () => {
  const device = inferDevice([
    fakeFlow({ from: "93.184.216.34", to: "198.41.0.4", originator: 1 }),
    fakeFlow({ from: "198.41.0.4", to: "93.184.216.34" }),
  ]);
  assert.deepEqual(device.addresses, ["198.41.0.4"]);
});

test("without unicast flows nobody is the device", () => {
  assert.deepEqual(inferDevice([]).addresses, []);
  assert.match(inferDevice([]).reason, /not known/);
  const dhcp = fakeFlow({ from: "0.0.0.0", to: "255.255.255.255" });
  assert.deepEqual(inferDevice([dhcp]).addresses, []);
});

test("IPv6 addresses compare by value, however they are written", () => {
  const device = inferDevice([], { addresses: ["2001:DB8:0:0::7"] });
  const sides = new DeviceSides(device);
  assert.ok(sides.isDevice("2001:db8::7", undefined));
  assert.ok(!sides.isDevice("2001:db8::8", undefined));
  const both = fakeFlow({ from: "2001:db8::7", to: "2001:db8::7" });
  assert.equal(sides.sideOf(both), "internal");
});
