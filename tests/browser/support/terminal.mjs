// @ts-check
/** How a script may write: how wide, and whether in colour. */

/** @typedef {ReturnType<typeof terminalOf>} Terminal */

/**
 * What is known of the terminal that a stream leads to; 80 columns without colour where it leads to none.
 * @param {{isTTY?: boolean, columns?: number}} stream
 * @param {Record<string, string | undefined>} environment
 */
export function terminalOf(stream, environment) {
  const isColoured = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  const given = Number(environment.COLUMNS);
  const columns = stream.columns ?? (Number.isInteger(given) && given > 0 ? given : 80);
  const paint = (/** @type {string} */ code) => (/** @type {string} */ text) =>
    isColoured && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text;
  return {
    width: Math.max(40, columns),
    isColoured,
    bold: paint("1"),
    quiet: paint("2"),
    /** What differs from the other side. */
    mark: paint("1;7"),
    good: paint("32"),
    warning: paint("33"),
    bad: paint("31"),
  };
}
