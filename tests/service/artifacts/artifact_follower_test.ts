// Artifacts of a run's settings: they come while it runs, bad ones change nothing and are told, and the rules that they bring
// are loaded together with the others.

import assert from "node:assert/strict";
import { type Fault, loadSettings } from "../../../config/mod.ts";
import { ArtifactFollower } from "../../../service/artifacts/artifact_follower.ts";
import { planRun } from "../../../service/loading/plan_run.ts";
import { FakeRegistry, keyPair } from "../../artifacts/fake_registry.ts";
import { loadingHere } from "./loading_here.ts";

const RULE = `
- rule: Own rule
  desc: a test
  condition: evt.type = openat and fd.name = /etc/shadow
  output: opened %fd.name
  priority: WARNING
`;

interface Lab {
  readonly registry: FakeRegistry;
  readonly folder: string;
  readonly file: string;
  settle(isDone: () => boolean): Promise<void>;
  readonly reloads: string[];
  readonly faults: Map<string, Fault>;
  follow(more?: string): ArtifactFollower;
}

async function withLab(body: (lab: Lab) => Promise<void>): Promise<void> {
  await using registry = new FakeRegistry();
  const folder = await Deno.makeTempDir();
  const file = `${folder}/falco.yaml`;
  const reloads: string[] = [];
  const faults = new Map<string, Fault>();
  let onNews = () => {};
  const follow = (more = "") => {
    Deno.writeTextFileSync(
      file,
      `artifacts:
  folder: ${folder}/artifacts
  follow: ["${registry.host}/own:1"]
  registries: [{registry: "${registry.host}", plain_http: true}]
${more}`,
    );
    return ArtifactFollower.start({
      settings: loadSettings(file, [], { lenient: false }).settings,
      log: () => {},
      requestReload: (why) => {
        reloads.push(why);
        onNews();
        return true;
      },
      faults: {
        all: [],
        loaded: () => {},
        show: (shown: ReadonlyMap<string, Fault>) => {
          for (const [about, fault] of shown) faults.set(about, fault);
          onNews();
        },
        clear: (about: string) => void faults.delete(about),
      } as never,
    }, loadingHere({ c: file }));
  };
  const settle = async (isDone: () => boolean) => {
    while (!isDone()) await new Promise<void>((resolve) => onNews = resolve);
  };
  try {
    await body({ registry, folder, file, settle, reloads, faults, follow });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("artifacts of a run: they are installed and a reload loads them after the bundled rules", async () => {
  await withLab(async ({ registry, folder, file, settle, reloads, faults, follow }) => {
    await registry.push("own", "1", [{ name: "own.yaml", text: RULE }], {
      config: { name: "own", version: "1.0.0" },
    });
    const follower = follow();
    await settle(() => reloads.length === 1);
    follower.close();
    assert.deepEqual([reloads, [...faults]], [["artifacts have come: own 1.0.0"], []]);
    const { rules } = planRun({ c: file }, true);
    assert.equal(rules.at(-1), `${folder}/artifacts/rules/own.yaml`);
    assert.match(rules[0]!, /falco_rules\.yaml/);
    assert.deepEqual(planRun({ c: file, r: [`${folder}/artifacts/rules/own.yaml`] }).rules.length, 1);
  });
});

Deno.test("artifacts of a run: rules with mistakes are not put in place, and the fault says where they are", async () => {
  await withLab(async ({ registry, folder, settle, reloads, faults, follow }) => {
    const text = RULE.replace("fd.name =", "fd.nam =");
    await registry.push("own", "1", [{ name: "own.yaml", text }], {
      config: { name: "own", version: "1.0.0" },
    });
    const follower = follow();
    await settle(() => faults.size === 1);
    const [[, fault] = []] = [...faults];
    assert.equal(fault?.kind, "artifact");
    assert.match(fault?.text ?? "", /own\.yaml:\d+:\d+: .*fd\.nam.*what was loaded before stays/);
    assert.deepEqual(reloads, []);
    await assert.rejects(Deno.stat(`${folder}/artifacts/rules/own.yaml`), Deno.errors.NotFound);
    follower.close();
    assert.equal(faults.size, 0, "who is closed has no faults");
  });
});

Deno.test("artifacts of a run: a key that cannot be read lets nothing in, one that does not fit neither", async () => {
  await withLab(async ({ registry, folder, settle, faults, follow }) => {
    await registry.push("own", "1", [{ name: "own.yaml", text: RULE }], {
      config: { name: "own", version: "1.0.0" },
    });
    const signatures = `  signatures: [{match: "*", key: ${folder}/key.pub}]\n`;
    const blind = follow(signatures);
    await settle(() => faults.size === 1);
    assert.match([...faults.values()][0]!.text, /key\.pub cannot be read/);
    blind.close();
    await Deno.writeTextFile(`${folder}/key.pub`, keyPair().pem);
    const strict = follow(signatures);
    await settle(() => faults.size === 1);
    assert.match([...faults.values()][0]!.text, /has no signature/);
    strict.close();
    assert.deepEqual(
      registry.requests.filter((request) => request.includes("/blobs/")).length,
      1,
      "only its description",
    );
  });
});

Deno.test("artifacts of a run: a file of theirs takes the place of the one in /etc/falco", async () => {
  await withLab(async ({ registry, folder, file, settle, reloads, follow }) => {
    const files = [{ name: "falco_rules.yaml", text: RULE }, {
      name: "named.yaml",
      text: "- list: l\n  items: []\n",
    }];
    await registry.push("own", "1", files, { config: { name: "own", version: "1.0.0" } });
    const follower = follow("rules_files: [/etc/falco/falco_rules.yaml, /etc/falco/named.yaml]\n");
    await settle(() => reloads.length === 1);
    follower.close();
    const { rules, faults } = planRun({ c: file }, true);
    assert.deepEqual(
      rules,
      ["falco_rules.yaml", "named.yaml"].map((name) => `${folder}/artifacts/rules/${name}`),
    );
    assert.deepEqual(faults, []);
  });
});
