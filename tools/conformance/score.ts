/**
 * Counts matches by field and keeps differences.
 */
interface Count {
  matched: number;
  total: number;
  explained: number;
}

/** Matches and differences over all captures. */
export class Score {
  readonly #counts = new Map<string, Count>();
  readonly #differences: string[] = [];
  readonly #explained: readonly (readonly string[])[];
  /** Capture that is being compared. */
  file = "";
  unexplained = 0;

  constructor(explained: readonly (readonly string[])[]) {
    this.#explained = explained;
  }

  /** Compares one field of one thing; `frame` says where, for the list of differences. */
  field(name: string, frame: number | string, pair: { want: unknown; got: unknown }): void {
    const want = JSON.stringify(pair.want ?? null);
    const got = JSON.stringify(pair.got ?? null);
    const count = this.#counts.get(name) ?? { matched: 0, total: 0, explained: 0 };
    this.#counts.set(name, count);
    count.total += 1;
    if (want === got) {
      count.matched += 1;
      return;
    }
    const isExplained = this.#isExplained(name, frame);
    if (isExplained) count.explained += 1;
    else this.unexplained += 1;
    const mark = isExplained ? "explained" : "DIFFERS";
    this.#differences.push(
      `${mark} ${this.file} frame ${frame} ${name}: tshark ${cut(want)}, telltale ${cut(got)}`,
    );
  }

  print(captures: number): void {
    for (const line of this.#differences) console.log(line);
    console.log(`\n${captures} captures`);
    for (const [name, { matched, total, explained }] of [...this.#counts].sort()) {
      const rest = explained > 0 ? ` (+${explained} explained)` : "";
      const flag = matched + explained < total ? "  <--" : "";
      console.log(`${name.padEnd(32)} ${matched}/${total}${rest}${flag}`);
    }
    console.log(`${this.unexplained} differences not explained`);
  }

  #isExplained(name: string, frame: number | string): boolean {
    const [kind = "", field = ""] = name.split(".");
    const key = [this.file, kind, String(frame), field];
    return this.#explained.some((row) => row.every((cell, i) => cell === "*" || cell === key[i]));
  }
}

function cut(text: string): string {
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}
