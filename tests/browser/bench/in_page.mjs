// @ts-check
/**
 * What runs in a measured page. Each function is sent there as source, and so uses nothing but its arguments.
 *
 * A page's clock ticks every 0.1 ms, so a short thing is done many times and the time of all is divided. What a call
 * leaves behind (answers, echoes) is waited for after the clock was read, so that it is in nobody's way.
 */

/**
 * Milliseconds that a fetch takes from the call to its whole answer, one after the other.
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
 * Milliseconds that an XMLHttpRequest takes from its making to `load`, one after the other.
 * @param {number} count
 */
export async function xhrTime(count) {
  const body = JSON.stringify({ event: "page-view", id: 17 });
  const begin = performance.now();
  for (let index = 0; index < count; index += 1) {
    await new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      xhr.open("POST", "/echo");
      xhr.setRequestHeader("Content-Type", "application/json");
      xhr.onload = resolve;
      xhr.onerror = reject;
      xhr.send(body);
    });
  }
  return (performance.now() - begin) / count;
}

/**
 * Milliseconds that a frame takes from `send` to its echo, one after the other, on one socket of the page.
 * @param {number} count
 */
export async function socketTime(count) {
  const page = /** @type {any} */ (window);
  page.echoes ??= await new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${location.host}/ws/echo`);
    socket.onopen = () => resolve(socket);
    socket.onerror = reject;
  });
  /** @type {WebSocket} */
  const socket = page.echoes;
  const begin = performance.now();
  for (let index = 0; index < count; index += 1) {
    await new Promise((resolve) => {
      socket.onmessage = resolve;
      socket.send('{"event":"page-view","id":17}');
    });
  }
  return (performance.now() - begin) / count;
}

/**
 * Milliseconds that a beacon takes from the call to its answer, which the browser keeps in its list of resources, one
 * after the other.
 * @param {number} count
 */
export async function beaconTime(count) {
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    sum += await new Promise((resolve) => {
      const observer = new PerformanceObserver((list) => {
        const [entry] = list.getEntriesByType("resource");
        observer.disconnect();
        resolve(/** @type {PerformanceResourceTiming} */ (entry).responseEnd - begin);
      });
      observer.observe({ type: "resource" });
      const begin = performance.now();
      navigator.sendBeacon("/echo", '{"event":"page-view","id":17}');
    });
  }
  performance.clearResourceTimings();
  return sum / count;
}

/**
 * Microseconds that the call of `fetch` takes. Each is given up before it leaves, because requests that are under way
 * would take turns with the calls.
 * @param {number} count
 */
export async function fetchCall(count) {
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
 * Microseconds that all calls of an XMLHttpRequest take together: its making, `open`, `setRequestHeader`, `send`, and
 * `abort`. Its address needs no network, whose side of a call differs by more than what is looked for.
 * @param {number} count
 */
export function xhrCall(count) {
  const begin = performance.now();
  for (let index = 0; index < count; index += 1) {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", "data:,17");
    xhr.setRequestHeader("X-Event", "page-view");
    xhr.send();
    xhr.abort();
  }
  return ((performance.now() - begin) * 1000) / count;
}

/**
 * Microseconds that the call of `send` takes on a socket.
 * @param {number} count
 */
export async function socketCall(count) {
  /** @type {WebSocket} */
  const socket = /** @type {any} */ (window).echoes;
  let left = count;
  const echoed = new Promise((resolve) => {
    socket.onmessage = () => --left === 0 && resolve(undefined);
  });
  const begin = performance.now();
  for (let index = 0; index < count; index += 1) {
    socket.send("17");
  }
  const end = performance.now();
  await echoed;
  return ((end - begin) * 1000) / count;
}

/**
 * Microseconds that the call of `sendBeacon` takes.
 * @param {number} count together well within what beacons under way may carry
 */
export async function beaconCall(count) {
  let left = count;
  const answered = new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      left -= list.getEntriesByType("resource").length;
      if (left <= 0) {
        observer.disconnect();
        resolve(undefined);
      }
    });
    observer.observe({ type: "resource" });
  });
  const begin = performance.now();
  for (let index = 0; index < count; index += 1) {
    navigator.sendBeacon("/echo", "17");
  }
  const end = performance.now();
  await answered;
  performance.clearResourceTimings();
  return ((end - begin) * 1000) / count;
}

/**
 * Milliseconds from the call to the response of each of some starts, one after the other. Each is of another visit: the
 * same once more would be another try.
 * @param {number} count
 * @param {string} written
 * @param {string} visit what of it is another each time
 */
export async function startTimes(count, written, visit) {
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const body = written.replace(visit, crypto.randomUUID());
    const init = { method: "POST", headers: { "Content-Type": "application/json" }, body };
    const begin = performance.now();
    const response = await fetch("/api/v2/conversations/webchat", init);
    times.push(performance.now() - begin);
    await response.text();
  }
  return times;
}

/**
 * Milliseconds from the first message of a Web Messaging session to its answer, each on a socket of its own.
 * @param {number} count
 */
export async function frameTimes(count) {
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const token = crypto.randomUUID();
    const socket = new WebSocket(`ws://${location.host}/v1?deploymentId=config-live&application=bench`);
    const heard = (/** @type {string} */ sent) =>
      new Promise((resolve, reject) => {
        socket.onmessage = resolve;
        socket.onclose = () => reject(new Error("the service closed the socket"));
        socket.send(sent);
      });
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    await heard(JSON.stringify({ action: "configureSession", token, deploymentId: "config-live", startNew: false }));
    const channel = { metadata: { customAttributes: { externalId: "WEB-0001", tier: "gold" } } };
    const message = { type: "Text", text: "Hello, I need help.", channel };
    const text = JSON.stringify({ action: "onMessage", token, message });
    const begin = performance.now();
    await heard(text);
    times.push(performance.now() - begin);
    socket.onclose = null;
    socket.close();
  }
  return times;
}

/** Milliseconds from the beginning of the navigation, and from its answer, to the first script of the page. */
export function documentTimes() {
  const at = /** @type {any} */ (window).firstScriptAt;
  const [entry] = performance.getEntriesByType("navigation");
  return { all: at, afterAnswer: at - /** @type {PerformanceNavigationTiming} */ (entry).responseStart };
}
