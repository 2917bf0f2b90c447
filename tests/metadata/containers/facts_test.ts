// Facts of containers: names of images, parts from several sources, records of bounded size.

import assert from "node:assert/strict";
import fc from "fast-check";
import { makeFacts } from "../../../metadata/containers/container_facts.ts";
import { ociFacts } from "../../../metadata/containers/engines/oci_facts.ts";
import { criFacts, sandboxFacts } from "../../../metadata/containers/engines/cri_facts.ts";
import { dockerFacts } from "../../../metadata/containers/engines/docker_facts.ts";
import { askedImage } from "../../../metadata/containers/asked_image.ts";
import { imageFacts, parseImageReference } from "../../../metadata/containers/image_reference.ts";
import { cpuCountOf, objectOf, secondsOf } from "../../../base/json_value.ts";
import { mergeFacts } from "../../../metadata/containers/merge_facts.ts";
import { ROOT_LIMITS } from "../../../metadata/containers/engine_limits.ts";
import { createParser } from "../../../metadata/containers/protocol/json_lines.ts";
import { recordJson } from "../../../metadata/containers/record_json.ts";

Deno.test("the parts of an image's name", () => {
  const cases: [string, string, string, string][] = [
    ["nginx", "nginx", "", ""],
    ["nginx:1", "nginx", "1", ""],
    ["reg:5000/a/b", "reg:5000/a/b", "", ""],
    ["reg:5000/a/b:2@sha256:ff", "reg:5000/a/b", "2", "sha256:ff"],
    ["a/b@sha256:ff", "a/b", "", "sha256:ff"],
    ["", "", "", ""],
  ];
  for (const [image, repository, tag, digest] of cases) {
    assert.deepEqual(parseImageReference(image), { repository, tag, digest }, image);
  }
});

Deno.test("the number of an image is no name: what is said of it leaves the parts to a later answer", () => {
  for (const image of [`sha256:${"ef".repeat(32)}`, "0123456789ab"]) {
    assert.deepEqual(imageFacts(image), { image, imagerepo: "", imagetag: "", imagedigest: "" });
  }
  assert.equal(imageFacts("nginx:1").imagerepo, "nginx");
});

Deno.test("what an event told completes a whole answer and never takes anything from it", () => {
  const event = { facts: makeFacts(0, "a", { name: "web", labels: { a: "b" }, image: "x" }), isWhole: false };
  const whole = { facts: makeFacts(0, "a", { name: "web2", privileged: true }), isWhole: true };
  const both = mergeFacts(event, whole).facts;
  assert.deepEqual([both.name, both.privileged, both.image, both.labels], ["web2", true, "x", { a: "b" }]);
  assert.equal(mergeFacts(whole, { ...whole }).facts, whole.facts, "a later whole answer replaces");
  const { facts, isWhole } = mergeFacts(whole, event);
  assert.deepEqual([facts.name, facts.privileged, facts.image, isWhole], ["web2", true, "x", true]);
  const other = { facts: makeFacts(0, "b"), isWhole: false };
  assert.equal(mergeFacts(whole, other), other, "an id that is used again");
});

Deno.test("long labels, and what is too much for a record, are left out", () => {
  const facts = makeFacts(0, "a", {
    labels: { long: "x".repeat(101), short: "y", "io.kubernetes.pod.name": "p".repeat(253) },
    env: Array(3000).fill("A=1"),
  });
  const { json, leftOut } = recordJson(facts, 100);
  const { labels, env } = JSON.parse(json).container;
  assert.deepEqual(Object.keys(labels), ["short", "io.kubernetes.pod.name"]);
  assert.deepEqual([env.length, leftOut], [1000, 2000]);
});

Deno.test("a record is small whatever an engine answers", () => {
  const anything = fc.anything({ withNullPrototype: false, maxDepth: 3 });
  fc.assert(
    fc.property(anything, anything, fc.string({ unit: "binary", maxLength: 300 }), (one, two, text) => {
      const hostile = {
        Id: text,
        Name: one,
        Config: two,
        HostConfig: one,
        NetworkSettings: two,
        Mounts: [one, two],
      };
      const info = {
        status: { id: text, ...objectOf(one) },
        info: { info: JSON.stringify({ config: text }) },
      };
      for (
        const facts of [
          dockerFacts(0, hostile, objectOf(one), objectOf(two)),
          criFacts(7, info, { status: one, info: two }),
          sandboxFacts(7, objectOf(one), objectOf(two)),
          makeFacts(7, text, ociFacts(one)),
          makeFacts(
            7,
            text,
            ociFacts({ process: one, linux: two, mounts: [one, { type: "bind", source: text }] }),
          ),
        ]
      ) {
        const { json } = recordJson(facts, 100);
        assert.ok([...json].every((character) => character >= " "));
        JSON.parse(json);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("an image under several names: repository and tag are of the same name, the digest is the image's", () => {
  const status = {
    id: "a".repeat(64),
    image: { image: "localhost/busybox:1.36" },
    image_ref: "registry.example:5000/team/sub/busybox@sha256:22",
  };
  const { imagerepo, imagetag, imagedigest } = criFacts(7, { status }, {});
  assert.deepEqual([imagerepo, imagetag, imagedigest], ["localhost/busybox", "1.36", "sha256:22"]);
  const asked = {
    ...status,
    image: { ...status.image, user_specified_image: "registry.example:5000/team/sub/busybox:v1.2" },
  };
  const named = criFacts(7, { status: asked }, {});
  assert.deepEqual([named.imagerepo, named.imagetag], ["registry.example:5000/team/sub/busybox", "v1.2"]);
});

Deno.test("lines of JSON arrive in chunks of any size", () => {
  const text = `{"a":"é"}\n\n[1]\nnonsense\n"🐳"\n`;
  fc.assert(
    fc.property(fc.array(fc.nat(text.length + 8)), (cuts) => {
      const bytes = new TextEncoder().encode(text);
      const values: unknown[] = [];
      const parse = createParser(ROOT_LIMITS.answer, (value) => values.push(value), () => {});
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      for (let i = 1; i < places.length; i++) parse(bytes.subarray(places[i - 1], places[i]));
      assert.deepEqual(values, [{ a: "é" }, [1], "🐳"]);
    }),
    { numRuns: 200 },
  );
});

Deno.test("times and sets of CPUs", () => {
  assert.equal(secondsOf("2026-01-02T03:04:05.678901234Z"), 1_767_323_045);
  assert.equal(secondsOf("never"), 0);
  assert.deepEqual(["", "1,7", "1-4,7", "x-y", "4-1"].map(cpuCountOf), [0, 2, 5, 0, 0]);
});

Deno.test("of several names of an image the one that the pod asked for counts", () => {
  const cases: [asked: string, told: string, name: string][] = [
    [
      "registry.example:5000/team/sub/busybox:v1.2",
      "localhost/busybox:1.36",
      "registry.example:5000/team/sub/busybox:v1.2",
    ],
    ["busybox", "docker.io/library/busybox:1.36", "docker.io/library/busybox:latest"],
    ["team/web:2", "localhost/web:1", "docker.io/team/web:2"],
    ["web:2", "quay.io/shop/web:1", "quay.io/shop/web:2"],
    ["localhost/web:2", "docker.io/library/web:2", "localhost/web:2"],
    [`quay.io/shop/web@sha256:${"a".repeat(64)}`, "quay.io/shop/web:1", "quay.io/shop/web"],
    [`sha256:${"a".repeat(64)}`, "quay.io/shop/web:1", ""],
    ["", "quay.io/shop/web:1", ""],
  ];
  for (const [asked, told, name] of cases) assert.equal(askedImage(asked, told), name, asked);
});
