/**
 * What the two sides of an HTTP/1 connection must know of each other.
 *
 * @module
 */
import { MAX_HTTP_PENDING_REQUESTS } from "../../limits.ts";
import type { Side } from "../../flows/flow.ts";

/** Requests that wait for their response, in order, for each side that asked. */
export class PendingRequests {
  readonly #methods: [string[], string[]] = [[], []];

  /** `side` asked with `method`. */
  add(side: Side, method: string): void {
    const methods = this.#methods[side];
    methods.push(method);
    // Of a flow seen one way only nobody answers. Half go at once: one at a time would cost a move each.
    if (methods.length > MAX_HTTP_PENDING_REQUESTS) methods.splice(0, methods.length >> 1);
  }

  /**
   * The method that a response of `side` answers; undefined where its request was not seen.
   * An interim response (1xx) leaves the request waiting (RFC 9110 §15.2).
   */
  answer(side: Side, status: number): string | undefined {
    const methods = this.#methods[side === 0 ? 1 : 0];
    return status < 200 && status !== 101 ? methods[0] : methods.shift();
  }

  /** Messages were lost, so that what waits can no longer be matched. */
  forget(): void {
    this.#methods[0].length = 0;
    this.#methods[1].length = 0;
  }
}
