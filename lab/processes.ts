/**
 * Child processes of the lab: started inside a namespace, ended by their own id.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Runs a program to its end and gives its standard output; throws with its standard error. */
export function run(program: string, args: readonly string[], input?: string): string {
  try {
    return execFileSync(program, args, {
      encoding: "utf8",
      input: input ?? "",
      stdio: ["pipe", "pipe", "pipe"],
      maxBuffer: 1 << 24,
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`${program} ${args.join(" ")}: ${(stderr ?? String(error)).trim()}`, {
      cause: error,
    });
  }
}

/** A program that runs in the background. */
export class Background {
  readonly name: string;
  readonly #child: ChildProcess;
  #output = "";
  #ended: Promise<unknown>;

  constructor(program: string, args: readonly string[], options: BackgroundOptions = {}) {
    this.name = options.name ?? program;
    this.#child = spawn(program, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
    });
    this.#ended = once(this.#child, "exit").catch(() => undefined);
    // A program that ends early breaks its pipe; the wait that follows says what it wrote.
    this.#child.stdin?.on("error", () => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    }
  }

  /** All that the program wrote so far, on either stream. */
  get output(): string {
    return this.#output;
  }

  /** Gives the program a line on its standard input. */
  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Waits until `isReady` holds for the output. */
  async until(isReady: (output: string) => boolean, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!isReady(this.#output)) {
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null) {
        throw new Error(`${this.name} ended with ${exitCode ?? signalCode ?? ""}: ${this.#output}`);
      }
      if (Date.now() > deadline) throw new Error(`${this.name} is not ready: ${this.#output}`);
      await sleep(10);
    }
  }

  /** Ends the program and waits for it; by force where it does not listen. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    const force = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await this.#ended;
    clearTimeout(force);
  }

  /** Ends the program at once, without waiting. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

interface BackgroundOptions {
  /** Name for messages. */
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How to run another module of the lab as a program of its own: from sources or compiled. */
export function moduleCommand(name: string): readonly [program: string, ...args: string[]] {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const path = new URL(`./${name}${extension}`, import.meta.url).pathname;
  const loader = extension === ".ts" ? ["--import", import.meta.resolve("tsx")] : [];
  return [process.execPath, ...loader, path];
}

/** Programs of `names` that are not installed. */
export function missingPrograms(names: readonly string[]): readonly string[] {
  return names.filter((name) => {
    try {
      execFileSync("sh", ["-c", 'command -v "$1"', "sh", name], { stdio: "ignore" });
      return false;
    } catch {
      return true;
    }
  });
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
