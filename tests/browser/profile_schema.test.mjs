// @ts-check
/** `docs/profile.schema.json` takes every built-in vendor file and what the reader takes, and refuses what it refuses, at the same places. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";

const root = new URL("../../", import.meta.url);
/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, root), "utf8"));

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false, validateFormats: false });
ajv.addSchema(read("docs/profile.schema.json"), "profile");

/**
 * What the schema has against a file: where, and what.
 * @param {unknown} file
 * @param {string} [part]
 */
function errorsOf(file, part = "") {
  const validate = ajv.getSchema(`profile${part}`);
  assert.ok(validate, part);
  validate(file);
  return (validate.errors ?? []).map(({ instancePath, message }) => ({ place: instancePath, message }));
}

describe("the schema of profiles", () => {
  for (const name of readdirSync(new URL("src/start/profiles/", root))) {
    test(`takes ${name}`, () => {
      assert.deepEqual(errorsOf(read(`src/start/profiles/${name}`), "#/$defs/builtIn"), []);
    });
  }

  test("asks built-in profiles, and only them, for their source", () => {
    const vendor = read("src/start/profiles/dynamics.json");
    delete vendor.profiles[1].source;
    assert.deepEqual(errorsOf(vendor), []);
    const errors = errorsOf(vendor, "#/$defs/builtIn");
    assert.deepEqual(errors, [{ place: "/profiles/1", message: "must have required property 'source'" }]);
  });

  for (const { name, file } of read("tests/right_profiles.json")) {
    test(`takes ${name}`, () => {
      assert.deepEqual(errorsOf(file), []);
    });
  }

  for (const { name, file, says } of read("tests/wrong_profiles.json")) {
    test(`refuses ${name}`, () => {
      const places = errorsOf(file).map(({ place }) => place);
      assert.ok(places.length > 0, "it takes it");
      for (const line of says) {
        const place = /^((?:[A-Za-z]+|\d+)(?:\.(?:[A-Za-z]+|\d+))*): /.exec(line)?.[1] ?? "";
        const pointer = place === "" ? "" : `/${place.replaceAll(".", "/")}`;
        assert.ok(places.some((found) => found.startsWith(pointer)), `${line}\nis told at ${places.join(", ")}`);
      }
    });
  }
});
