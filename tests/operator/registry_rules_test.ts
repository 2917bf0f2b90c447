// Rules of registries: fetched side by side, so that one that says nothing keeps nobody else waiting.

import assert from "node:assert/strict";
import { RegistryRules } from "../../operator/node/registry_rules.ts";

const spec = (registry: string, tag = "1") => ({ registry: { name: registry }, image: { tag } });

Deno.test("registry rules: silent registries keep others from nothing, and are asked no more once nobody wants them", async () => {
  const stop = new AbortController();
  const news = Promise.withResolvers<void>();
  const asked: string[] = [];
  let given = 0;
  const rules = new RegistryRules({
    fetch: async ({ registry }, signal) => {
      const { name } = registry as { name: string };
      asked.push(name);
      if (name === "good") return new Uint8Array([1]);
      return await new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          given++;
          reject(new Error("given up"));
        })
      );
    },
    onNews: news.resolve,
    signal: stop.signal,
  });
  for (let tag = 0; tag < 20; tag++) assert.equal(rules.look(spec("silent", String(tag))), "coming");
  assert.equal(rules.look(spec("good")), "coming");
  await news.promise;
  assert.deepEqual(rules.look(spec("good")), { bytes: new Uint8Array([1]) });
  assert.equal(rules.look(spec("silent", "0")), "coming");
  assert.deepEqual(asked, ["silent", "silent", "good"], "two places are all that one registry has");
  rules.keep([spec("good")]);
  assert.equal(given, 2);
  assert.deepEqual(rules.look(spec("good")), { bytes: new Uint8Array([1]) }, "it is not fetched again");
  stop.abort();
});

Deno.test("registry rules: what a registry does not give is a problem in words until it gives it", async () => {
  const stop = new AbortController();
  const news = Promise.withResolvers<void>();
  const rules = new RegistryRules({
    fetch: () => Promise.reject(new Error("invalid peer certificate: UnknownIssuer")),
    onNews: news.resolve,
    signal: stop.signal,
  });
  assert.equal(rules.look(spec("r")), "coming");
  await news.promise;
  assert.deepEqual(rules.look(spec("r")), { problem: "invalid peer certificate: UnknownIssuer" });
  stop.abort();
});
