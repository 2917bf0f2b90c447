// A test per row of the configuration table: each key that does something has one that sees from outside what it
// changes (observers.ts says which), and each that does nothing says so (`idle`).

import { deepEqual, ok } from "node:assert/strict";
import type { Definition } from "../../config/definition.ts";
import { SETTINGS } from "../../config/settings.ts";
import { SINK_KEYS, SINK_NAME } from "../../config/sinks/common.ts";
import { SINK_TYPES } from "../../config/sinks/types.ts";
import { OBSERVERS } from "./observers.ts";

/** Keys as the table of observers writes them. */
function rows(): string[] {
  const ofSinks = Object.entries(SINK_TYPES).flatMap(([type, { keys }]) =>
    Object.keys(keys).map((key) => `${type}:${key}`)
  );
  const common = Object.keys({ ...SINK_NAME, ...SINK_KEYS }).map((key) => `sink:${key}`);
  const others = Object.entries<Definition>(SETTINGS)
    .filter(([, { idle }]) => idle === undefined)
    .map(([key]) => key)
    .filter((key) => {
      const [, type = "", rest = ""] = /^([a-z]+)_output\.(.+)$/.exec(key) ?? [];
      return !ofSinks.includes(`${type}:${rest}`) && !common.includes(`sink:${rest}`);
    });
  return [...others, ...common, ...ofSinks];
}

Deno.test("each key of the configuration is idle, or a test observes what it changes; none is named twice", () => {
  const named = OBSERVERS.flatMap(({ keys }) => keys.split(" ").filter((key) => key !== ""));
  deepEqual(named.filter((key, at) => named.indexOf(key) !== at), [], "twice");
  deepEqual(rows().filter((key) => !named.includes(key)), [], "without a test");
  deepEqual(named.filter((key) => !rows().includes(key)), [], "no key, or an idle one");
});

Deno.test("the tests that observe keys exist", () => {
  const texts = new Map<string, string>();
  for (const { file, test } of OBSERVERS) {
    if (!texts.has(file)) {
      texts.set(file, Deno.readTextFileSync(new URL(`../${file}`, import.meta.url)));
    }
    ok(texts.get(file)!.includes(test), `${file}: ${test}`);
  }
});
