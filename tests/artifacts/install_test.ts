// Artifacts from a registry into a folder: versions, dependencies, requirements, what stays when something fails.

import assert from "node:assert/strict";
import { PLUGIN_LAYER } from "./fake_registry.ts";
import { said, withWorkplace } from "./workplace.ts";

const RULES = [{ name: "own_rules.yaml", text: "- list: a\n  items: []\n" }];
const config = (version: string, more = {}) => ({ config: { name: "own", version, ...more } });

Deno.test("artifacts: a rules file is put in place whole, once for each version", async () => {
  await withWorkplace({}, async ({ registry, install, rules, store }) => {
    const digest = await registry.push("team/own", "1", RULES, config("1.0.0"));
    assert.deepEqual(said(await install("REGISTRY/team/own:1")), ["installed own 1.0.0"]);
    assert.equal(await rules("own_rules.yaml"), RULES[0]!.text);
    assert.deepEqual(said(await install("REGISTRY/team/own:1")), ["unchanged own 1.0.0"]);
    await registry.push("team/own", "1", [{ name: "other.yaml", text: "[]\n" }], config("1.1.0"));
    assert.deepEqual(said(await install("REGISTRY/team/own:1")), ["installed own 1.1.0"]);
    assert.equal(await rules("other.yaml"), "[]\n");
    await assert.rejects(rules("own_rules.yaml"), Deno.errors.NotFound);
    assert.deepEqual(said(await install(`REGISTRY/team/own@${digest}`)), ["installed own 1.0.0"]);
    const [note] = await store.installed();
    assert.deepEqual([note?.digest, note?.files.map(({ name }) => name)], [digest, ["own_rules.yaml"]]);
  });
});

Deno.test("artifacts: a file that somebody has changed is put back", async () => {
  await withWorkplace({}, async ({ registry, install, rules, folder }) => {
    await registry.push("own", "1.0.0", RULES, config("1.0.0"));
    await install("REGISTRY/own:1.0.0");
    await Deno.writeTextFile(`${folder}/rules/own_rules.yaml`, "changed");
    assert.deepEqual(said(await install("REGISTRY/own:1.0.0")), ["installed own 1.0.0"]);
    assert.equal(await rules("own_rules.yaml"), RULES[0]!.text);
  });
});

Deno.test("artifacts: a range means the highest version among the tags, without versions before a release", async () => {
  await withWorkplace({}, async ({ registry, install }) => {
    for (const version of ["1.2.0", "1.10.0", "1.11.0-rc1", "2.0.0"]) {
      await registry.push("own", version, RULES, config(version));
    }
    const ranges = { "^1.2": "1.10.0", "1": "1.10.0", "1.x": "1.10.0", ">=1 <3": "2.0.0", "~1.2": "1.2.0" };
    for (const [range, version] of Object.entries(ranges)) {
      const [outcome] = await install(`REGISTRY/own:${range}`);
      assert.equal(outcome?.installed?.version, version, range);
    }
    assert.match(said(await install("REGISTRY/own:^3"))[0]!, /no tag is a version within >=3\.0\.0/);
    await registry.push("own", "1", RULES, config("1.3.0"));
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.3.0"], "a tag comes first");
  });
});

Deno.test("artifacts: what is needed comes with it, before it; what falco has inside does not", async () => {
  const dependencies = [{ name: "k8saudit", version: "0.7.0" }, { name: "base", version: "1.0.0" }];
  const index = await Deno.makeTempFile();
  await withWorkplace({ indexes: [{ name: "own", url: index }] }, async ({ registry, install, store }) => {
    await Deno.writeTextFile(
      index,
      `- {name: base, type: rulesfile, registry: "${registry.host}", repository: team/base}\n`,
    );
    await registry.push("team/base", "1.0.0", [{ name: "base.yaml", text: "[]" }], {
      config: { name: "base", version: "1.0.0" },
    });
    await registry.push("own", "1", RULES, config("1.0.0", { dependencies }));
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed base 1.0.0", "installed own 1.0.0"]);
    assert.deepEqual((await store.installed()).map(({ name }) => name), ["base", "own"]);
    const future = [{ name: "k8saudit", version: "7.0.0" }];
    await registry.push("own", "2", RULES, config("2.0.0", { dependencies: future }));
    assert.match(
      said(await install("REGISTRY/own:2"))[0]!,
      /depends on k8saudit 7\.0\.0, and 0\.18\.0 is what there is/,
    );
  });
  await Deno.remove(index);
});

Deno.test("artifacts: requirements of the engine are checked before anything is fetched", async () => {
  await withWorkplace({}, async ({ registry, install, store }) => {
    const needs = (name: string, version: string) => config("1.0.0", { requirements: [{ name, version }] });
    const wrong = {
      engine_version: "9999",
      engine_version_semver: "0.99.0",
      plugin_api_version: "4.0.0",
      flux_capacitor: "1.0.0",
    };
    for (const [name, version] of Object.entries(wrong)) {
      await registry.push("own", "1", RULES, needs(name, version));
      assert.match(said(await install("REGISTRY/own:1"))[0]!, new RegExp(`it needs ${name}`));
    }
    assert.deepEqual(await store.installed(), []);
    await registry.push("own", "1", RULES, needs("engine_version_semver", "0.50.0"));
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.0.0"]);
  });
});

Deno.test("artifacts: a version that is not accepted never takes the place of the last good one", async () => {
  const accept = (_: unknown, [file]: readonly { readonly bytes: Uint8Array }[]) => {
    if (new TextDecoder().decode(file!.bytes).includes("bad")) throw new Error("line 1: this is bad");
  };
  await withWorkplace({ installer: { accept } }, async ({ registry, install, rules, store }) => {
    await registry.push("own", "1", RULES, config("1.0.0"));
    await install("REGISTRY/own:1");
    await registry.push("own", "1", [{ name: "own_rules.yaml", text: "bad" }], config("1.1.0"));
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /own:1: line 1: this is bad/);
    assert.equal(await rules("own_rules.yaml"), RULES[0]!.text);
    assert.equal((await store.installed())[0]?.version, "1.0.0");
  });
});

Deno.test("artifacts: a plugin is installed as a file, unless plugins are not allowed", async () => {
  const plugin = [{ name: "libown.so", text: "\x7fELF" }];
  await withWorkplace({}, async ({ registry, install, folder }) => {
    await registry.push("own", "1", plugin, { ...config("1.0.0"), layerType: PLUGIN_LAYER });
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.0.0"]);
    assert.equal(await Deno.readTextFile(`${folder}/plugins/libown.so`), "\x7fELF");
  });
  await withWorkplace({ installer: { allowedTypes: ["rulesfile"] } }, async ({ registry, install }) => {
    await registry.push("own", "1", plugin, { ...config("1.0.0"), layerType: PLUGIN_LAYER });
    assert.match(
      said(await install("REGISTRY/own:1"))[0]!,
      /it is a plugin, and artifacts\.allowed_types has no such/,
    );
  });
});

Deno.test("artifacts: two artifacts cannot have one file", async () => {
  await withWorkplace({}, async ({ registry, install }) => {
    await registry.push("a", "1", RULES, { config: { name: "a", version: "1.0.0" } });
    await registry.push("b", "1", RULES, { config: { name: "b", version: "1.0.0" } });
    assert.deepEqual(said(await install("REGISTRY/a:1")), ["installed a 1.0.0"]);
    assert.match(
      said(await install("REGISTRY/b:1"))[0]!,
      /its file "own_rules\.yaml" is one of the artifact a/,
    );
  });
});

Deno.test("artifacts: names and versions that are none are told in words", async () => {
  await withWorkplace({}, async ({ install }) => {
    const wrong: Readonly<Record<string, RegExp>> = {
      "own": /no index knows "own".*artifacts\.indexes names none: add one, or write registry\/repository/,
      "team/own": /"team" is no registry/,
      "REGISTRY/Own": /"Own" is no repository/,
      "REGISTRY/own:a b": /"a b" is neither a tag nor a range/,
      "REGISTRY/own@sha256:1": /64 hexadecimal digits/,
      "REGISTRY/own:9": /no tag is a version within >=9\.0\.0 <10\.0\.0-0 \(0 tags\)/,
      "http://x/y": /is no registry/,
    };
    for (const [asked, message] of Object.entries(wrong)) {
      assert.match(said(await install(asked))[0]!, message, asked);
    }
  });
});

Deno.test("artifacts: registries are asked side by side, a bounded number at once, and put in place in the order of the list", async () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const accepted: string[] = [];
  const accept = (artifact: { readonly name: string }) => void accepted.push(artifact.name);
  await withWorkplace({ installer: { accept } }, async ({ registry, install }) => {
    for (const name of names) {
      await registry.push(name, "1", [{ name: `${name}.yaml`, text: "[]" }], {
        config: { name, version: "1.0.0" },
      });
    }
    const waiting = new Map<string, () => void>();
    const four = Promise.withResolvers<void>();
    registry.fault = async ({ url }) => {
      const name = /\/v2\/(.)\/manifests\//.exec(url)?.[1];
      if (name === undefined || accepted.length > 0) return undefined;
      await new Promise<void>((resolve) => {
        waiting.set(name, resolve);
        if (waiting.size === 4) four.resolve();
      });
      return undefined;
    };
    const installing = install(...names.map((name) => `REGISTRY/${name}:1`));
    await four.promise;
    assert.deepEqual([...waiting.keys()].sort(), ["a", "b", "c", "d"]);
    // the first is answered last
    for (const name of ["d", "c", "b"]) waiting.get(name)!();
    registry.fault = () => undefined;
    waiting.get("a")!();
    assert.deepEqual(said(await installing), names.map((name) => `installed ${name} 1.0.0`));
    assert.deepEqual(accepted, names);
  });
});

Deno.test("artifacts: one that takes long is passed over: the others are in place and told before it", async () => {
  await withWorkplace({ installer: { patienceMs: 1 } }, async ({ registry, installer }) => {
    for (const name of ["slow", "quick"]) {
      await registry.push(name, "1", [{ name: `${name}.yaml`, text: "[]" }], {
        config: { name, version: "1.0.0" },
      });
    }
    const slow = Promise.withResolvers<void>();
    registry.fault = async ({ url }) => {
      if (url.includes("/slow/")) await slow.promise;
      return undefined;
    };
    const told: string[][] = [];
    const all = await installer.install([`${registry.host}/slow:1`, `${registry.host}/quick:1`], (some) => {
      told.push(said(some));
      slow.resolve();
    });
    assert.deepEqual(told, [["installed quick 1.0.0"], ["installed slow 1.0.0"]]);
    assert.deepEqual(said(all), ["installed slow 1.0.0", "installed quick 1.0.0"]);
  });
});

Deno.test("artifacts: an index in a cloud's storage is refused in words, with the address that works", async () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    "s3://own-bucket/path/index.yaml":
      /credentials of AWS; .*https:\/\/own-bucket\.s3\.REGION\.amazonaws\.com\/path\/index\.yaml/,
    "gs://own-bucket/path/index.yaml":
      /credentials of Google Cloud; .*https:\/\/storage\.googleapis\.com\/own-bucket\/path\/index\.yaml/,
  };
  for (const [url, message] of Object.entries(wrong)) {
    await withWorkplace({ indexes: [{ name: "own", url }] }, async ({ install }) => {
      assert.match(said(await install("own"))[0]!, message);
    });
  }
});
