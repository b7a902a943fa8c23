/**
 * Frame numbers as a display filter of Wireshark, so that evidence can be looked at in its capture.
 *
 * Source: wireshark-filter(4), "The membership operator".
 *
 * @module
 */

/** `frame.number == 12`, `frame.number in {12, 14..17}`; frames ascending, at least one. */
export function toFrameFilter(frames: readonly number[]): string {
  const [first] = frames;
  if (frames.length === 1 && first !== undefined) return `frame.number == ${first}`;
  return `frame.number in {${runsOf(frames).join(", ")}}`;
}

function runsOf(frames: readonly number[]): string[] {
  const runs: string[] = [];
  let [from, to] = [NaN, NaN];
  const close = (): void => {
    if (Number.isNaN(from)) return;
    if (to - from < 2) for (let n = from; n <= to; n++) runs.push(String(n));
    else runs.push(`${from}..${to}`);
  };
  for (const frame of [...new Set(frames)].sort((a, b) => a - b)) {
    if (frame === to + 1) to = frame;
    else {
      close();
      [from, to] = [frame, frame];
    }
  }
  close();
  return runs;
}
