/**
 * Who opened a flow when no handshake tells: the side that talks to a known service.
 *
 * @module
 */

/** Ports below this one are assigned to services (RFC 6335 §6, system ports). */
const SYSTEM_PORTS = 1024;

/**
 * Service ports above the system ports that devices talk to (IANA service names and
 * port numbers; 5228-5230 Google push, 5222-5223 XMPP and Apple push, 6095 and 9443
 * vendors' own).
 */
const SERVICE_PORTS: ReadonlySet<number> = new Set([
  1194, 1701, 1723, 1812, 1813, 1883, 1900, 1935, 2049, 2152, 3128, 3306, 3389, 3478, 3479, 3544,
  3702, 4500, 4789, 5004, 5060, 5061, 5222, 5223, 5228, 5229, 5230, 5269, 5349, 5353, 5355, 5432,
  5671, 5672, 5683, 5684, 5900, 6379, 6881, 7000, 8000, 8008, 8009, 8080, 8081, 8088, 8123, 8443,
  8472, 8853, 8883, 8888, 9001, 9100, 9443, 9999, 10001, 11095, 27017, 32100, 51820,
]);

/** Side of the service, by the ports of side 0 and 1; undefined where they do not tell. */
export function serviceSide(port0: number, port1: number): 0 | 1 | undefined {
  if (port0 < 0 || port1 < 0) return undefined;
  const system0 = port0 < SYSTEM_PORTS;
  const system1 = port1 < SYSTEM_PORTS;
  if (system0 !== system1) return system0 ? 0 : 1;
  if (system0) return undefined;
  const service0 = SERVICE_PORTS.has(port0);
  const service1 = SERVICE_PORTS.has(port1);
  if (service0 === service1) return undefined;
  return service0 ? 0 : 1;
}
