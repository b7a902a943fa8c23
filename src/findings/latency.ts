/**
 * What a round trip says of a place: nobody answers faster than light. A bound can refute a
 * place, hardly ever confirm one, and it is about whoever answered the handshake: an edge of
 * a delivery network, a proxy, an interceptor.
 *
 * Sources: speed of light in vacuum, 299,792.458 km/s (SI); 2/3 of it in optical fibre, the
 * baseline of constraint-based geolocation (Gueye et al., IEEE/ACM ToN 2006).
 *
 * @module
 */
import type { Latency, LocationClaim, RefutedPlace } from "./finding.ts";
import type { CountryAtlas } from "./world.ts";

/** km that light covers in a millisecond: in vacuum, and in fibre. */
export const LIGHT_KM_PER_MS = 299.792458;
export const FIBRE_KM_PER_MS: number = (LIGHT_KM_PER_MS * 2) / 3;

/** Where the capture was taken, in degrees. */
export interface CapturePoint {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * A place counts as refuted only if it lies farther away than the bound by this many km: the
 * outlines lack islets (Yonaguni is 70 km nearer to Taipei than the nearest part of Japan that
 * is drawn), and a capture point is often no more than the name of a town.
 */
const MARGIN_KM = 100;
/** Share by which distances on a sphere may exceed those on the ellipsoid. */
const SPHERE_ERROR = 0.0056;

/** Greatest distance in km of whoever answers within `rttMs`, rounded up. */
export function maxDistanceKm(rttMs: number): { readonly light: number; readonly fibre: number } {
  return {
    light: Math.ceil((rttMs / 2) * LIGHT_KM_PER_MS),
    fibre: Math.ceil((rttMs / 2) * FIBRE_KM_PER_MS),
  };
}

/**
 * Bounds a destination.
 *
 * @param rtts Least time from SYN to SYN-ACK in ms, by address: what one address answers says
 *   nothing of another one.
 * @param claims Countries claimed for the addresses.
 * @returns null where no round trip was measured.
 */
export function boundByLatency(
  rtts: ReadonlyMap<string, number>,
  claims: readonly LocationClaim[],
  world: {
    readonly atlas: CountryAtlas | undefined;
    readonly capturePoint: CapturePoint | undefined;
  },
): Latency | null {
  let fastest: [string, number] | undefined;
  for (const [address, rtt] of rtts) {
    if (fastest === undefined || rtt < fastest[1]) fastest = [address, rtt];
  }
  if (fastest === undefined) return null;
  const [address, minRttMs] = fastest;
  return {
    minRttMs,
    address,
    maxDistanceKm: maxDistanceKm(minRttMs),
    refuted: refutedPlaces(rtts, claims, world),
  };
}

function refutedPlaces(
  rtts: ReadonlyMap<string, number>,
  claims: readonly LocationClaim[],
  world: {
    readonly atlas: CountryAtlas | undefined;
    readonly capturePoint: CapturePoint | undefined;
  },
): readonly RefutedPlace[] {
  const { atlas, capturePoint } = world;
  if (atlas === undefined || capturePoint === undefined) return [];
  const refuted = new Map<string, RefutedPlace>();
  for (const { country, address } of claims) {
    const rtt = rtts.get(address);
    const distance = atlas.distanceKm(country, capturePoint.latitude, capturePoint.longitude);
    if (rtt === undefined || distance === undefined) continue;
    const by = refutedBy(distance, rtt);
    if (by === undefined) continue;
    const distanceKm = Math.floor(distance);
    refuted.set(`${country} ${address}`, { country, distanceKm, by, address, rttMs: rtt });
  }
  return [...refuted.values()];
}

function refutedBy(distance: number, rttMs: number): RefutedPlace["by"] | undefined {
  const least = distance * (1 - SPHERE_ERROR) - MARGIN_KM;
  if (least > (rttMs / 2) * LIGHT_KM_PER_MS) return "light";
  return least > (rttMs / 2) * FIBRE_KM_PER_MS ? "fibre" : undefined;
}
