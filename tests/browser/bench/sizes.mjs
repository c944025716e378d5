// @ts-check
/** How large the packages are, and the parts of them that a page or the background loads. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sizesInZip } from "../support/zip.mjs";
import { sized } from "./result.mjs";

const MANIFEST = new URL("../../../manifest.json", import.meta.url);

const WASM = "one module has the background and all screens, reads JSON, forms, multipart and sockets in every profile's shape, and words the findings";

/** As they are packed; 1 KB is 1,024 bytes. Both packages hold the same scripts and the same module. */
const BARS = [
  { name: "page-script", path: "page.js", what: "Page script, page.js", bar: 20 * 1024 },
  { name: "relay", path: "relay.js", what: "Relay, relay.js", bar: 3 * 1024 },
  { name: "wasm", path: "wasm/callsign_bg.wasm", what: "Rust, wasm/callsign_bg.wasm", bar: 150 * 1024, why: WASM },
];
const ZIP_BAR = 200 * 1024;

/**
 * The sizes of the packages in a folder.
 * @param {string} folder
 */
export function sizes(folder) {
  const { version } = JSON.parse(readFileSync(MANIFEST, "utf8"));
  const zip = (/** @type {string} */ browser) => readFileSync(join(folder, `callsign-${browser}-${version}.zip`));
  const [chromium, firefox] = [zip("chromium"), zip("firefox")];
  const unpacked = sizesInZip(chromium);
  const files = BARS.map(({ path, ...about }) => {
    const bytes = unpacked.get(path);
    if (bytes === undefined) {
      throw new Error(`the package for Chromium has no ${path}`);
    }
    return sized(about, bytes);
  });
  return [
    ...files,
    sized({ name: "zip-chromium", what: "Package for Chromium, zip", bar: ZIP_BAR }, chromium.length),
    sized({ name: "zip-firefox", what: "Package for Firefox, zip", bar: ZIP_BAR }, firefox.length),
  ];
}
