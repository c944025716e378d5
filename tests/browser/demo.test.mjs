// @ts-check
/** The demo without a display: it ends well where the server received the CRM ID, and only there. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { given, scratchFolder } from "./support/processes.mjs";

const DEMO = fileURLToPath(new URL("demo.mjs", import.meta.url));

/**
 * Stands in for the program that builds the extension: that one is called, with other settings in the file that it is given.
 * @param {string} from
 * @param {string} to
 */
const building = (from, to) => `#!/usr/bin/env node
const { execFileSync } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2);
const file = args[args.indexOf("--settings") + 1];
const settings = readFileSync(file, "utf8");
if (!settings.includes(${JSON.stringify(from)})) {
  throw new Error("the demo has other settings: " + settings);
}
writeFileSync(file, settings.replace(${JSON.stringify(from)}, ${JSON.stringify(to)}));
execFileSync(${JSON.stringify(given("CALLSIGN_XTASK"))}, args, { stdio: "inherit" });
`;

/**
 * The demo's exit code and all that it wrote.
 * @param {Record<string, string>} [environment]
 */
async function demo(environment = {}) {
  const child = spawn(process.execPath, [DEMO, "--headless"], { env: { ...process.env, ...environment, COLUMNS: "400" } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part) => (text += part));
  }
  const code = await new Promise((ended) => child.once("close", ended));
  return { code, text };
}

describe("the demo", { concurrency: 2 }, () => {
  test("ends with 0 where the server received the CRM ID, beside what the page wrote", async () => {
    const { code, text } = await demo();
    assert.equal(code, 0, text);
    assert.match(text, /"externalId": +"WEB-0001",.*│.*"externalId": +"CRM-12345-XYZ",/);
    assert.match(text, /✓ The server received the CRM ID CRM-12345-XYZ, byte for byte as shown\./);
  });

  test("ends with 1 where Callsign only observes", async () => {
    const folder = scratchFolder();
    try {
      const program = join(folder.path, "xtask");
      writeFileSync(program, building('"mode":"inject"', '"mode":"observe"'), { mode: 0o755 });
      const { code, text } = await demo({ CALLSIGN_XTASK: program });
      assert.equal(code, 1, text);
      assert.match(text, /✗ The server received this start without the CRM ID CRM-12345-XYZ\./);
    } finally {
      folder.remove();
    }
  });
});
