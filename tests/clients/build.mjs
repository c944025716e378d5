// @ts-check
//! Bundles the chat clients that the playground's pages load, and the libraries of the compliance tests: `node tests/clients/build.mjs`, after `npm ci` in tests/.

import { build } from "esbuild";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

await rm(`${here}dist`, { recursive: true, force: true });
/** What all bundles have in common. @type {import("esbuild").BuildOptions} */
const options = {
  absWorkingDir: here,
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  // The guest chat client's file for browsers only defines a global `require`; its module is the same code.
  mainFields: ["module", "browser", "main"],
  // It asks for these under Node.js only, behind `typeof window === "undefined"`.
  external: ["configparser", "fs", "os", "path", "winston"],
  jsx: "automatic",
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "linked",
  logLevel: "info",
};

await build({
  ...options,
  entryPoints: {
    react: "src/react/main.jsx",
    guest: "src/guest/main.js",
    livechat: "src/livechat/main.js",
    yext: "src/yext/main.js",
    libraries: "src/libraries/main.js",
    sentry: "src/monitors/sentry.js",
    datadog: "src/monitors/datadog.js",
    newrelic: "src/monitors/newrelic.js",
    zone: "src/monitors/zone.js",
  },
});
// This client is published for webpack, in whose bundles Node.js's name of the global object is known.
await build({
  ...options,
  entryPoints: { dynamics: "src/dynamics/main.js" },
  define: { ...options.define, global: "globalThis" },
});
// As its developers run it: strict mode does something in this build only.
await build({
  ...options,
  entryPoints: { "react-development": "src/react/main.jsx" },
  define: { "process.env.NODE_ENV": '"development"' },
});
