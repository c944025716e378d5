// @ts-check
/** What runs in the measured page. Each is sent there as source, and so uses nothing but its arguments. */

/**
 * Milliseconds that a fetch takes which is no candidate, over a number of them, one after the other.
 * @param {number} count
 */
export async function fetchTime(count) {
  const body = JSON.stringify({ event: "page-view", id: 17 });
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  const begin = performance.now();
  for (let index = 0; index < count; index += 1) {
    const response = await fetch("/echo", init);
    await response.text();
  }
  return (performance.now() - begin) / count;
}

/**
 * Microseconds that the call itself takes of a fetch which is no candidate, and is given up before it leaves.
 * @param {number} count
 */
export async function callTime(count) {
  const init = { signal: AbortSignal.abort() };
  const calls = new Array(count);
  const begin = performance.now();
  for (let index = 0; index < count; index += 1) {
    calls[index] = fetch("/echo", init);
  }
  const end = performance.now();
  await Promise.allSettled(calls);
  return ((end - begin) * 1000) / count;
}

/**
 * Milliseconds from the call to the response of each of some starts, one after the other.
 * @param {number} count
 */
export async function startTimes(count) {
  const body = JSON.stringify({
    configurationId: "config-live",
    attributes: { externalId: "WEB-0001", customerName: "Ada Lovelace", customerTier: "gold" },
  });
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const begin = performance.now();
    const response = await fetch("/api/v2/conversations/webchat", init);
    times.push(performance.now() - begin);
    await response.text();
  }
  return times;
}
