// @ts-check
/** What the README shows for automated suites does what it says. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { after, before, describe, test } from "node:test";
import { CHROMIUM_ARGUMENTS } from "./support/browsers.mjs";
import { buildExtension, given, startPlayground } from "./support/processes.mjs";
import { Started } from "./support/started.mjs";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const SITE = "https://shop.example";

/** Beside the packages that it imports. */
const SCRIPT = fileURLToPath(new URL("../readme-sample.mjs", import.meta.url));

/**
 * The first block of code in the README of a language.
 * @param {string} language
 */
const block = (language) => README.split("```" + language + "\n")[1].split("```")[0];

/**
 * A text with another in place of the one that it must have.
 * @param {string} text
 * @param {string} from
 * @param {string} to
 */
function replaced(text, from, to) {
  assert.ok(text.includes(from), `the README's sample has no ${from}`);
  return text.replaceAll(from, to);
}

describe("the README's suite", () => {
  /** @type {{site: string, extension: string}} */
  let set;
  const started = new Started();
  before(async () => {
    const { site } = started.add(await startPlayground({ isQuiet: true }), ({ stop }) => stop());
    const settings = JSON.parse(block("json").replaceAll(SITE, "http://127.0.0.1"));
    const { path } = started.add(buildExtension({ grant: [site], settings }), ({ remove }) => remove());
    set = { site, extension: path };
  });
  after(() => {
    rmSync(SCRIPT, { force: true });
    return started.end();
  });

  test("starts a chat with the CRM ID, and reads what came of it", async () => {
    const chat = 'await page.waitForFunction(() => "playground" in window);\nawait page.evaluate(() => playground.start());';
    let sample = block("js");
    sample = replaced(sample, `"${SITE}/"`, JSON.stringify(`${set.site}/fetch`));
    sample = replaced(sample, SITE, set.site);
    sample = replaced(sample, '"/usr/bin/chromium"', JSON.stringify(given("CHROMIUM")));
    sample = replaced(sample, '["dist/callsign-for-tests"],', `[${JSON.stringify(set.extension)}], args: ${JSON.stringify(CHROMIUM_ARGUMENTS)},`);
    sample = replaced(sample, "// Start the chat here, as a visitor does.", chat);
    writeFileSync(SCRIPT, sample);

    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT]);
    assert.match(stdout, /CRM-12345-XYZ/);
    assert.match(stdout, /Accepted/);
  });
});
