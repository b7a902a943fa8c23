/**
 * RC4, as Xiaomi's push protocol uses it. Broken since long (RFC 7465); here it only opens what
 * others sealed with it.
 *
 * @module
 */

/** `bytes` under the key stream of `key`, 1 to 256 bytes; sealing and opening are the same. */
export function rc4(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const state = new Uint8Array(256);
  for (let i = 0; i < 256; i++) state[i] = i;
  let j = 0;
  for (let i = 0; i < 256; i++) {
    const held = state[i] ?? 0;
    j = (j + held + (key[i % key.length] ?? 0)) & 0xff;
    state[i] = state[j] ?? 0;
    state[j] = held;
  }
  const out = new Uint8Array(bytes.length);
  j = 0;
  for (let n = 0; n < bytes.length; n++) {
    const i = (n + 1) & 0xff;
    const held = state[i] ?? 0;
    j = (j + held) & 0xff;
    const other = state[j] ?? 0;
    state[i] = other;
    state[j] = held;
    out[n] = (bytes[n] ?? 0) ^ (state[(held + other) & 0xff] ?? 0);
  }
  return out;
}
