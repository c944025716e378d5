// @ts-check
/**
 * What a page does while something of it waits for a verdict, and must come
 * after it: a line, in which each waits for those before it.
 */

/**
 * What waits is a chain from `first` to `last`.
 * @template Waiting
 * @typedef {{first?: Linked<Waiting>, last?: Linked<Waiting>}} Line
 */
/**
 * @template Waiting
 * @typedef {Waiting & {judged?: Promise<any>, next?: Linked<Waiting>}} Linked
 */

/**
 * Puts something at the end of a line; `act` is called with each when its turn
 * and its verdict are there.
 * @template Waiting
 * @param {Line<Waiting>} line
 * @param {Linked<Waiting>} waiting
 * @param {(waiting: Linked<Waiting>, verdict?: any) => void} act
 */
const enqueue = (line, waiting, act) => {
  if (line.last) {
    line.last = line.last.next = waiting;
  } else {
    line.first = line.last = waiting;
    drain(line, act);
  }
};

/**
 * @template Waiting
 * @param {Line<Waiting>} line
 * @param {(waiting: Linked<Waiting>, verdict?: any) => void} act
 */
const drain = async (line, act) => {
  for (let waiting = line.first; waiting; waiting = line.first = waiting.next) {
    act(waiting, waiting.judged && (await waiting.judged));
  }
  line.last = undefined;
};
