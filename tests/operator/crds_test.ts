// The custom kinds: small enough for `kubectl apply`, and with all fields that Falco's operator has.
// FALCO_OPERATOR=DIR, a checkout of Falco's operator, has them compared with its own.

import assert from "node:assert/strict";
import { parse, parseAllDocuments } from "yaml";
import { customKinds } from "../../operator/api/crds.ts";

type Schema = { properties?: Record<string, Schema>; items?: Schema; [key: string]: unknown };

const upstream = Deno.env.get("FALCO_OPERATOR");
/** What an annotation may have, which a plain `kubectl apply` writes the whole object into. */
const MAX_ANNOTATION_BYTES = 262_144;
/** Whatever Kubernetes takes: the API server checks it where it is used. */
const OPEN = /\.(podTemplateSpec|updateStrategy|strategy)\./;
/** What a validator looks at. */
const CHECKED = ["type", "enum", "minimum", "maximum", "default", "format", "required"];

const own = customKinds() as { metadata: { name: string }; spec: Record<string, unknown> }[];

Deno.test("custom kinds: each is small enough for an annotation", () => {
  for (const kind of own) {
    assert.ok(JSON.stringify(kind).length < MAX_ANNOTATION_BYTES / 10, kind.metadata.name);
  }
});

Deno.test("custom kinds: the bundle is what the code makes, and holds all of them", () => {
  const text = Deno.readTextFileSync(new URL("../../deploy/falco-operator.yaml", import.meta.url));
  const names = parseAllDocuments(text).map((one) => one.toJS()).filter(({ kind }) =>
    kind === "CustomResourceDefinition"
  )
    .map(({ metadata }) => metadata.name);
  assert.deepEqual(names, own.map(({ metadata }) => metadata.name));
});

Deno.test({
  name: `custom kinds: as those of Falco's operator${
    upstream === undefined ? " (skipped: FALCO_OPERATOR names no folder)" : ""
  }`,
  ignore: upstream === undefined,
  fn() {
    const folder = `${upstream}/chart/falco-operator/crds`;
    const theirs = [...Deno.readDirSync(folder)].map(({ name }) =>
      parse(Deno.readTextFileSync(`${folder}/${name}`))
    );
    assert.deepEqual(
      theirs.map(({ metadata }) => metadata.name).sort(),
      own.map(({ metadata }) => metadata.name).sort(),
    );
    for (const their of theirs) {
      const our = own.find(({ metadata }) => metadata.name === their.metadata.name)!;
      const { names, scope } = our.spec as { names: Record<string, unknown>; scope: string };
      assert.deepEqual([names["plural"], names["kind"], scope], [
        their.spec.names.plural,
        their.spec.names.kind,
        their.spec.scope,
      ]);
      assert.deepEqual(
        new Set(names["shortNames"] as string[] ?? []),
        new Set(their.spec.names.shortNames ?? []),
      );
      const [ours, wanted] = [our.spec, their.spec].map((spec) =>
        fields(spec.versions[0].schema.openAPIV3Schema)
      );
      assert.deepEqual([...wanted!.keys()].filter((field) => !ours!.has(field)), [], their.metadata.name);
      assert.deepEqual([...ours!.keys()].filter((field) => !wanted!.has(field)), [], their.metadata.name);
      for (const [field, rules] of wanted!) {
        assert.deepEqual(ours!.get(field), rules, `${their.metadata.name}${field}`);
      }
      const columns = (spec: Schema) =>
        (spec["versions"] as Schema[])[0]!["additionalPrinterColumns"] as Schema[];
      assert.deepEqual(
        columns(our.spec).map((one) => one["name"]),
        columns(their.spec).map((one) => one["name"]),
      );
    }
  },
});

function fields(schema: Schema, path = "", found = new Map<string, unknown>()): Map<string, unknown> {
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const own = `${path}.${name}`;
    if (OPEN.test(`${own}.`)) {
      found.set(own, "open");
      continue;
    }
    const rules = CHECKED.flatMap((key) => inner[key] === undefined ? [] : [[key, sorted(inner[key])]]);
    found.set(own, rules);
    fields(inner, own, found);
    if (inner.items !== undefined) fields(inner.items, `${own}[]`, found);
  }
  return found;
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value.toSorted() : value;
}
