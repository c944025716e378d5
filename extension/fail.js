// @ts-check
/**
 * What a screen says when its Rust does not run: the background has the same
 * trouble then, so starts go out as the page writes them.
 * @param {unknown} error
 */
export function fail(error) {
  const message = error instanceof Error ? error.message : String(error);
  const place = /** @type {HTMLElement} */ (document.getElementById("fault"));
  place.textContent = `Callsign could not start: ${message}. Until this is fixed, chat starts go out as the page writes them.`;
  place.hidden = false;
}
