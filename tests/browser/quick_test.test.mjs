// @ts-check
/**
 * The page script's quick test lets through whatever a profile is about, however a page spells the address. It runs
 * here by itself, with the patterns of a built extension and a document of the test's.
 */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildExtension } from "./support/processes.mjs";

const SOURCE = new URL("../../extension/page/candidate.js", import.meta.url);
const PROFILES = new URL("../../src/start/profiles/", import.meta.url);

/** What stands for a `*`: of a host any text, of a path one segment. */
const HOST_TEXTS = ["a", "x-1", "a.b.c"];
const SEGMENTS = ["a", "3f2c", "x%20y", "é", "v2.1"];

/** What a page may put around an address, so that the browser reads the same. */
const SPELLINGS = [
  (/** @type {URL} */ { href }) => href,
  (/** @type {URL} */ { href }) => `  ${href}?a=b%20c#d`,
  (/** @type {URL} */ { href, host }) => href.replace(host, host.toUpperCase()),
  (/** @type {URL} */ { href, host }) => href.replace(host, host.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`)),
  (/** @type {URL} */ { href, host }) => href.replace(host, host.replace(/[a-z]/, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))),
  (/** @type {URL} */ { href }) => [...href].join("\t"),
  (/** @type {URL} */ { href }) => href.replace(/\/(?=[^/]*$)/, "\\"),
  (/** @type {URL} */ { href }) => href.replace(/\/(?=[^/]*$)/, "/./"),
  (/** @type {URL} */ { href }) => href.replace(/\/(?=[^/]*$)/, "/gone/../"),
  (/** @type {URL} */ address) => new URL(address),
];

/** What a page may leave out, and the address that its document has then. @type {((address: URL) => [given: string, base: string])[]} */
const RELATIVE = [
  ({ href, protocol }) => [href.slice(protocol.length), `${protocol}//page.example/`],
  ({ pathname, origin }) => [pathname, `${origin}/some/page`],
  ({ pathname, href }) => [pathname.slice(pathname.lastIndexOf("/") + 1), href.replace(/[^/]*$/, "page")],
  ({ href }) => ["?x=y", href],
  ({ pathname, href }) => [`./${pathname.slice(pathname.lastIndexOf("/") + 1)}`, href],
];

/** Addresses that no page should wait for. */
const OTHERS = [
  "/collect?v=2&page=%2Fchat%2Fstart",
  "https://telemetry.example.com/v1/track",
  "https://cdn.example.com/chat.js",
  "/api/orders/17",
  "data:,chat",
  "https://[",
  "",
];

/** All the ways to put one of some texts in the place of each star. @param {string} pattern @param {string[]} texts @returns {string[]} */
function filled(pattern, texts) {
  return pattern.includes("*") ? texts.flatMap((text) => filled(pattern.replace("*", text), texts)) : [pattern];
}

/** Addresses that each built-in profile is about, by its ID. @returns {[string, URL[]][]} */
function examples() {
  const files = readdirSync(PROFILES).map((name) => JSON.parse(readFileSync(new URL(name, PROFILES), "utf8")));
  const profiles = files.flatMap(({ profiles }) => profiles).filter(({ start }) => !start.call && !start.socket);
  return profiles.map(({ id, start }) => {
    const hosts = (start.hosts ?? ["chat.example.com"]).flatMap((/** @type {string} */ host) => filled(host, HOST_TEXTS));
    const paths = (start.paths ?? ["/any/path"]).flatMap((/** @type {string} */ path) => filled(path, SEGMENTS.slice(0, 3)).concat(filled(path, [SEGMENTS[3]])));
    const before = start.paths === undefined ? [""] : ["", "/prod"];
    return [id, hosts.flatMap((/** @type {string} */ host) => paths.flatMap((/** @type {string} */ path) => before.map((prefix) => new URL(`https://${host}${prefix}${path}`))))];
  });
}

/**
 * The quick test over these patterns.
 * @param {string} declarations
 */
function quickTest(declarations) {
  const document = { baseURI: "https://page.example/" };
  const call = (/** @type {any} */ type, /** @type {string} */ name) => {
    const { value, get } = /** @type {any} */ (Object.getOwnPropertyDescriptor(type.prototype, name));
    return (/** @type {any} */ self, /** @type {any[]} */ ...args) => Reflect.apply(get ?? value, self, args);
  };
  const scope = {
    document,
    NativeURL: URL,
    bare: (/** @type {object} */ object) => object,
    some: (/** @type {any[]} */ list, /** @type {(item: any) => boolean} */ holds) => list.some((item) => holds(item)),
    isText: (/** @type {unknown} */ value) => typeof value === "string",
    encoded: encodeURI,
    before: (/** @type {string} */ text, /** @type {string} */ mark) => text.split(mark, 1)[0],
    textEndsWith: call(String, "endsWith"),
    textIncludes: call(String, "includes"),
    textIndexOf: call(String, "indexOf"),
    textSlice: call(String, "slice"),
    textStartsWith: call(String, "startsWith"),
    textToLowerCase: call(String, "toLowerCase"),
    textToUpperCase: call(String, "toUpperCase"),
    urlHostname: call(URL, "hostname"),
    urlHref: call(URL, "href"),
    urlPathname: call(URL, "pathname"),
    Node: {},
    own: () => [() => document.baseURI],
    attempt: (/** @type {Function} */ get, /** @type {unknown} */ object) => {
      try {
        return get(object);
      } catch {
        return undefined;
      }
    },
  };
  const source = `${declarations}\n${readFileSync(SOURCE, "utf8")}\nreturn { startAddress, setPatterns };`;
  return { document, ...new Function(...Object.keys(scope), source)(...Object.values(scope)) };
}

describe("the quick test", () => {
  /** @type {ReturnType<typeof buildExtension>} */
  let extension;
  let declarations = "";
  before(() => {
    extension = buildExtension({ minify: false });
    const lines = readFileSync(join(extension.path, "page.js"), "utf8").split("\n");
    declarations = lines.slice(2, 5).join("\n");
    assert.match(declarations, /^const BUILT_IN = .*\nconst SIGNATURES = .*\nconst MAX_BODY_CHARACTERS = .*$/);
  });
  after(() => extension.remove());

  test("lets through what the profiles are about, in every spelling and relative to every document", () => {
    const { startAddress, document } = quickTest(declarations);
    for (const [id, addresses] of examples()) {
      for (const address of addresses) {
        document.baseURI = "https://page.example/";
        for (const spell of SPELLINGS) {
          const given = spell(address);
          const resolved = new URL(given, document.baseURI).href;
          assert.equal(startAddress(given), resolved, `${id}: ${given}`);
        }
        for (const part of RELATIVE) {
          const [given, base] = part(address);
          document.baseURI = base;
          assert.equal(startAddress(given), new URL(given, base).href, `${id}: ${given} at ${base}`);
        }
      }
    }
  });

  test("lets nothing else through, on whichever page", () => {
    const { startAddress, document } = quickTest(declarations);
    for (const base of ["https://shop.example/", "https://shop.example/chat/conversations/", "about:blank", "https://a.execute-api.b.amazonaws.com.example/"]) {
      document.baseURI = base;
      for (const given of [...OTHERS, {}, null, undefined, 7]) {
        assert.equal(startAddress(given), undefined, `${given} at ${base}`);
      }
    }
  });

  test("holds for a tester's own patterns too, as soon as they are there", () => {
    const { startAddress, setPatterns, document } = quickTest(declarations);
    document.baseURI = "https://shop.example/talk/";
    assert.equal(startAddress("open"), undefined);
    setPatterns({ m: ["PUT"], k: ["talk"], a: ["*/talk/*"], s: [], c: [] });
    assert.equal(startAddress("open"), "https://shop.example/talk/open");
    assert.equal(startAddress("/conversations/webchat"), "https://shop.example/conversations/webchat");
    setPatterns(null);
    assert.equal(startAddress("open"), undefined);
  });
});
