// @ts-check
/** What a script started, so that all of it ends with the script: at its end, on a failure, on Ctrl+C. */

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** Keeps how to end each thing, and ends them, the last one first. */
export class Started {
  /** @type {(() => unknown)[]} */
  #ends = [];
  #last = Promise.resolve();

  /**
   * Notes how to end something; returns it.
   * @template T
   * @param {T} thing
   * @param {(thing: T) => unknown} end
   */
  add(thing, end) {
    this.#ends.push(() => end(thing));
    return thing;
  }

  /** Ends everything that was added so far and has not ended yet, whatever fails. */
  end() {
    this.#last = this.#last.then(() => this.#endAll());
    return this.#last;
  }

  async #endAll() {
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) {
      try {
        await end();
      } catch (error) {
        console.error(`while ending: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
}

/**
 * Hears a signal that asks this process to end, as often as it comes.
 * @param {(signal: NodeJS.Signals) => void} hear
 */
export function onEndSignal(hear) {
  for (const signal of SIGNALS) {
    process.on(signal, hear);
  }
}
