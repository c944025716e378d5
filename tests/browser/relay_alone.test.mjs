// @ts-check
/**
 * Forged, oversized and malformed messages end at the relay, and what a page may say is bounded in rate and size. The
 * relay runs here by itself, with a clock, a background and a page script of the test's.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

const SOURCE = readFileSync(new URL("../../extension/relay.js", import.meta.url), "utf8");

/** As relay.js has them. */
const MAX_CHARACTERS = 16_000_000;
const BUDGET = 1000;
const BUDGET_PER_MS = 0.03;
const CHARACTERS_A_PRICE = 50_000;

const PASS_THROUGH = '{"kind":"passThrough"}';
const CANDIDATE = { transport: "fetch", method: "POST", url: "https://a.example/b", body: { kind: "text", text: "" } };

/**
 * A relay, with what it has told the background and the page.
 * @param {(message: any) => unknown} [answer] the background's, to each message
 */
function startRelay(answer = ({ kind }) => (kind === "candidate" ? PASS_THROUGH : "")) {
  /** Without the greeting. @type {{document: string, message: any, carried?: unknown}[]} */
  const told = [];
  /** @type {any[]} */
  const verdicts = [];
  const clock = { now: 0 };
  const window = new EventTarget();
  const connect = () => {
    /** @type {(message: {number: number, answer: unknown}) => void} */
    let hear;
    return {
      onMessage: { addListener: (/** @type {typeof hear} */ listener) => (hear = listener) },
      onDisconnect: { addListener: () => {} },
      postMessage: (/** @type {{number: number, text: string, carried?: unknown}} */ { number, text, carried }) => {
        const sent = JSON.parse(text);
        if (sent.message.kind !== "hello") {
          told.push({ ...sent, carried });
        }
        Promise.resolve().then(() => hear({ number, answer: answer(sent.message) }));
      },
    };
  };
  const chrome = { runtime: { id: "callsign", onMessage: { addListener: () => {} }, connect } };
  const scope = {
    window,
    top: window,
    document: new EventTarget(),
    addEventListener: window.addEventListener.bind(window),
    dispatchEvent: window.dispatchEvent.bind(window),
    chrome,
    performance: { now: () => clock.now },
    setTimeout: setImmediate,
  };
  new Function(...Object.keys(scope), SOURCE)(...Object.values(scope));
  /** @type {any} */
  const port = { postMessage: (/** @type {string} */ text) => verdicts.push(JSON.parse(text)) };
  window.dispatchEvent(Object.assign(new Event("callsign-port", { cancelable: true }), { ports: [port] }));
  return {
    clock,
    told,
    verdicts,
    /** The kinds of what the background was told. */
    kinds: () => told.map(({ message }) => message.kind),
    /** What a page says on its port, whatever it is. @param {unknown} data */
    hear: async (data) => {
      port.onmessage({ data });
      await settled();
    },
    /** @param {object} message @param {unknown} [carried] */
    async say(message, carried) {
      port.onmessage({ data: { text: JSON.stringify(message), carried } });
      await settled();
    },
  };
}

/** Until all that is under way without a timer is done. */
const settled = () => new Promise((done) => setImmediate(done));

const candidate = (/** @type {unknown} */ number) => ({ kind: "candidate", number, candidate: CANDIDATE });

describe("the relay", () => {
  test("sends on what has the form of a message, under its own document's token, whatever token the message names", async () => {
    const relay = startRelay();
    await relay.say({ ...candidate(1), document: "forged" }, "{}");
    await relay.say({ kind: "sent", number: 1, isEdited: false });
    await relay.say({ kind: "uncovered", workers: 1, isFrozen: false });
    assert.deepEqual(relay.kinds(), ["candidate", "sent", "uncovered"]);
    for (const { document } of relay.told) {
      assert.match(document, /^\d+(-\d+){3}$/);
    }
    assert.deepEqual(relay.verdicts, [{ number: 1, verdict: { kind: "passThrough" } }]);
  });

  test("sends on nothing that has another form, and answers nothing", async () => {
    const relay = startRelay();
    for (const text of [
      undefined,
      null,
      7,
      {},
      "",
      "{",
      "null",
      "[]",
      '"candidate"',
      "{}",
      '{"kind":7}',
      '{"kind":"constructor"}',
      '{"kind":"candidate","number":1.5}',
      '{"kind":"candidate","number":"1"}',
      '{"kind":"candidate","number":{}}',
      // The relay's own, and a screen's.
      '{"kind":"hello"}',
      '{"kind":"wake"}',
      '{"kind":"dropped","starts":1}',
      JSON.stringify({ ...candidate(1), kind: "retold", replacements: [] }),
      '{"kind":"clear","tab":1}',
      '{"kind":"setCrmId","site":"https://a.example","text":"CRM-1"}',
    ]) {
      await relay.hear({ text });
      await relay.hear(text);
    }
    for (const carried of [null, 7, {}, [], ["{}"]]) {
      await relay.say(candidate(2), carried);
    }
    assert.deepEqual(relay.told, []);
    assert.deepEqual(relay.verdicts, []);
  });

  test("sends on nothing that is longer than the longest start", async () => {
    const relay = startRelay();
    const text = JSON.stringify(candidate(1));
    const carried = "x".repeat(MAX_CHARACTERS - text.length);
    await relay.hear({ text, carried: `${carried}x` });
    await relay.hear({ text: `${text}${" ".repeat(MAX_CHARACTERS)}` });
    assert.deepEqual(relay.told, []);
    await relay.hear({ text, carried });
    assert.deepEqual(relay.kinds(), ["candidate"]);
  });

  test("bounds how many messages a page sends, and lets more through as time goes by", async () => {
    const relay = startRelay();
    const flood = async (/** @type {number} */ count, /** @type {number} */ first) => {
      for (let number = first; number < first + count; number += 1) {
        await relay.say(candidate(number), "{}");
      }
      return relay.kinds().filter((kind) => kind === "candidate").length;
    };
    const heard = await flood(3_000, 1);
    assert.ok(heard > 990 && heard <= BUDGET, `${heard}`);
    assert.equal(relay.verdicts.length, 3_000, "what is not heard goes out as written");
    assert.ok(relay.verdicts.every(({ verdict }) => verdict.kind === "passThrough"));
    relay.clock.now += 10_000;
    const more = (await flood(3_000, 3_001)) - heard;
    assert.ok(more > 10_000 * BUDGET_PER_MS * 0.99 && more <= 10_000 * BUDGET_PER_MS + 1, `${more}`);
    const dropped = relay.told.flatMap(({ message }) => (message.kind === "dropped" ? [message.starts] : []));
    assert.deepEqual(dropped, Array.from({ length: dropped.length }, (_, power) => 2 ** power), "and that is told, ever more rarely");
    assert.ok(dropped.length > 11, `${dropped}`);
  });

  test("bounds how much a page sends", async () => {
    const relay = startRelay();
    const carried = "x".repeat(1_000_000);
    for (let number = 1; number <= 200; number += 1) {
      await relay.say(candidate(number), carried);
    }
    const heard = relay.kinds().filter((kind) => kind === "candidate").length;
    const most = BUDGET / (1 + carried.length / CHARACTERS_A_PRICE);
    assert.ok(heard > most - 2 && heard <= most, `${heard} of at most ${most}`);
  });

  test("sends the reports on a start that it asked about on, however little may be said, and no more than two", async () => {
    const relay = startRelay();
    await relay.say(candidate(1), "{}");
    await relay.say(candidate(2), "x".repeat(15_000_000));
    await relay.say(candidate(3), "x".repeat(15_000_000));
    await relay.say(candidate(4), "x".repeat(15_000_000));
    for (let number = 5; relay.kinds().at(-1) !== "dropped"; number += 1) {
      await relay.say(candidate(number), "{}");
    }
    const before = relay.told.length;
    await relay.say({ kind: "sent", number: 999_999, isEdited: true });
    assert.equal(relay.told.length, before, "of a start that it knows nothing of");
    await relay.say({ kind: "sent", number: 1, isEdited: false });
    await relay.say({ kind: "outcome", number: 1, outcome: { kind: "aborted" } });
    await relay.say({ kind: "outcome", number: 1, outcome: { kind: "timedOut" } });
    assert.deepEqual(relay.told.slice(before).map(({ message }) => [message.kind, message.number]), [["sent", 1], ["outcome", 1]]);
  });

  test("takes no answer of the background for a verdict that is none", async () => {
    for (const answer of ["", "null", "7", "[]", "{", "{}", '{"kind":"replace"}', '{"kind":"replace","replacements":7}', '{"kind":"hold"}', undefined]) {
      const relay = startRelay(() => answer);
      await relay.say(candidate(1), "{}");
      assert.deepEqual(
        relay.verdicts.map(({ verdict }) => verdict),
        [{ kind: "noVerdict", why: { kind: "backgroundFailed", reason: "it gave no verdict" } }],
        String(answer),
      );
    }
  });

  test("tells a background that knows nothing of a start the whole of it, and gives up after a few times", async () => {
    const relay = startRelay(({ kind }) => (kind === "candidate" ? PASS_THROUGH : '{"kind":"unknown"}'));
    await relay.say(candidate(1), "{}");
    await relay.say({ kind: "sent", number: 1, isEdited: false });
    assert.deepEqual(relay.kinds(), ["candidate", "sent", "retold", "retold", "retold", "retold"]);
    assert.equal(relay.told.at(-1)?.carried, "{}");
  });
});
