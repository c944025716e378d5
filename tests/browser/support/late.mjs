// @ts-check
/** Lets a start leave late, as one does that waits for a tester, in a page whose clocks run fast. */

/** How many times as fast a page's timers run, so that 45 s take 3. */
const SPEED = 15;

/**
 * Before a page's own scripts: whatever goes out like this leaves as many of the page's milliseconds late; all of its timers run as
 * fast as this wait does. The page counts in `leftLate` what left late.
 * @param {import("puppeteer-core").Page} page
 * @param {string} beginning how the start begins, as `POST /path/`, or `FRAME` for a frame `start_chat`
 * @param {number} ms
 */
export async function leaveLate(page, beginning, ms) {
  await page.evaluateOnNewDocument(
    (start, wait, speed) => {
      const [method, path] = start.split(" ");
      const { setTimeout: later, setInterval: often } = window;
      const fast = (/** @type {any} */ timer) => (/** @type {any} */ run, /** @type {number} */ time, /** @type {any[]} */ ...rest) =>
        timer.call(window, run, (time ?? 0) / speed, ...rest);
      Object.assign(window, { setTimeout: fast(later), setInterval: fast(often), leftLate: 0 });
      const held = (/** @type {() => any} */ leave) =>
        new Promise((left) => {
          later(() => {
            Object.assign(window, { leftLate: /** @type {any} */ (window).leftLate + 1 });
            left(leave());
          }, wait / speed);
        });
      const isStart = (/** @type {string} */ how, /** @type {string} */ address) =>
        how.toUpperCase() === method && new URL(address, location.href).pathname.startsWith(path);

      const { fetch } = window;
      window.fetch = (input, init) => {
        const leave = () => fetch.call(window, input, init);
        return isStart(init?.method ?? "GET", String(input)) ? held(leave) : leave();
      };
      const { open, send } = XMLHttpRequest.prototype;
      /** @type {WeakSet<XMLHttpRequest>} */
      const requests = new WeakSet();
      XMLHttpRequest.prototype.open = function (/** @type {any[]} */ ...args) {
        if (isStart(args[0], String(args[1]))) {
          requests.add(this);
        }
        return open.apply(this, /** @type {any} */ (args));
      };
      XMLHttpRequest.prototype.send = function (body) {
        return requests.has(this) ? void held(() => send.call(this, body)) : send.call(this, body);
      };
      const { send: say } = WebSocket.prototype;
      WebSocket.prototype.send = function (data) {
        const isLate = method === "FRAME" && String(data).includes('"action":"start_chat"');
        return isLate ? void held(() => say.call(this, data)) : say.call(this, data);
      };
    },
    beginning,
    ms,
    SPEED,
  );
}
