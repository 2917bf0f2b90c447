// The container image: made without a container engine, the same bytes each time, and taken, started and confined by a
// real one.
// Alone: it starts containers on this host.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { placeExecutable } from "../support/executable.ts";
import { imageFiles, machineOf } from "../../scripts/image/image_files.ts";
import { makeImage } from "../../scripts/image/oci.ts";
import { makeTar } from "../../scripts/image/tar.ts";
import { liveRefusal } from "../live/falco_process.ts";
import { containerRefusal, Lab, must, run } from "../live/lab.ts";
import { FalcoContainer, HOST_MOUNTS } from "./falco_container.ts";
import { renderChart } from "./helm/chart.ts";
import { podOptions } from "./pod_options.ts";
import { PROJECT } from "../support/program.ts";

const refusal = await liveRefusal() ?? await containerRefusal();
const TAG = `localhost/falco-test-${Deno.pid}:1`;
const ruleFor = (name: string, file: string) =>
  `- rule: ${name}\n  desc: from a ConfigMap\n  condition: evt.type in (open, openat) and fd.name = ${file}\n` +
  "  output: read\n  priority: NOTICE\n";

Deno.test("a tar archive is the same for the same entries, and tar reads it", async () => {
  const entries = () =>
    new Map(
      [
        ["b/link", { kind: "link", target: "/a" }],
        ["a", { kind: "file", bytes: new TextEncoder().encode("text"), mode: 0o755 }],
        ["tmp", { kind: "folder", mode: 0o1777 }],
      ] as const,
    );
  const tar = makeTar(entries());
  assert.deepEqual(tar, makeTar(new Map([...entries()].reverse())));
  const file = await Deno.makeTempFile();
  await Deno.writeFile(file, tar);
  const listing = await must("env", "TZ=UTC", "tar", "--numeric-owner", "-tvf", file);
  await Deno.remove(file);
  assert.deepEqual(listing.trimEnd().split("\n").map((line) => line.replace(/ +/g, " ")), [
    "-rwxr-xr-x 0/0 4 1970-01-01 00:00 a",
    "drwxr-xr-x 0/0 0 1970-01-01 00:00 b/",
    "lrwxrwxrwx 0/0 0 1970-01-01 00:00 b/link -> /a",
    "drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/",
  ]);
  assert.throws(() => makeTar(new Map([["x".repeat(101), { kind: "folder" }]])), /too long/);
});

Deno.test("an image without its executable says how to build one", () => {
  assert.throws(() => imageFiles(PROJECT, "/nowhere/falco"), /nowhere.*\n {2}remedy: .*compile\.ts --dist/);
  assert.throws(() => machineOf("riscv64"), /no image for riscv64/);
});

Deno.test({
  name: `podman loads the image and falco watches host and containers in it${
    refusal === null ? "" : ` (skipped: ${refusal})`
  }`,
  ignore: refusal !== null,
  async fn(t) {
    const lab = await Lab.open();
    try {
      const archive = await makeArchive(lab.folder, t);
      await must("podman", "load", "-q", "-i", archive);
      await t.step("privileged, it reports a read on the host and one in another container", async () => {
        await using stack = new AsyncDisposableStack();
        const falco = await FalcoContainer.start(TAG, ["--privileged", ...HOST_MOUNTS], webserver());
        stack.defer(() => falco.close());
        await readsAreSeen(falco, lab);
        assert.match(await falco.get("/healthz"), /"status": "ok"/);
        assert.equal(await falco.stop(), 0);
      });
      await t.step("as the chart's pod, with four capabilities and rules of a ConfigMap, too", async () => {
        await using stack = new AsyncDisposableStack();
        const values = { customRules: { "own.yaml": ruleFor("First", "/etc/hostname") } };
        const pod = podOptions(renderChart(`${PROJECT}deploy/helm/falco`, values), lab.folder);
        const falco = await FalcoContainer.start(TAG, pod.options, [...pod.args, "-o", "json_output=true"]);
        stack.defer(() => falco.close());
        await readsAreSeen(falco, lab);
        await must("cat", "/etc/hostname");
        await falco.until((alerts) => alerts.some(({ rule }) => rule === "First"));
        assert.equal(falco.alerts[0]!.hostname, "node-1");
        pod.configMaps.get("falco-rules")!.swap({ "own.yaml": ruleFor("Second", "/etc/hosts") });
        await until(async () => {
          await must("cat", "/etc/hosts");
          return falco.alerts.some(({ rule }) => rule === "Second");
        });
        assert.match(await falco.get("/healthz"), /"status": "ok"/);
        assert.equal(await falco.stop(), 0);
      });
      await t.step("without capabilities it ends with a sentence that says what to do", async () => {
        const options = ["--cap-drop", "all", "--security-opt", "seccomp=unconfined"];
        const { code, text } = await once(options);
        assert.equal(code, 1);
        assert.match(text, /CAP_BPF and CAP_PERFMON missing\n(.*\n)*.*--cap-add BPF/);
      });
    } finally {
      await run("podman", "rmi", "-f", TAG);
      await lab.close();
    }
  },
});

async function makeArchive(folder: string, t: Deno.TestContext): Promise<string> {
  const executable = `${folder}/falco`, archive = `${folder}/image.tar`;
  await placeExecutable(executable);
  const make = () =>
    makeImage(imageFiles(PROJECT, executable), {
      reference: TAG,
      architecture: machineOf().architecture,
      isCompressed: false,
    });
  const image = make();
  await t.step("the same inputs give the same image", () => {
    const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    assert.equal(digest(make()), digest(image));
  });
  await Deno.writeFile(archive, image);
  return archive;
}

function webserver(): string[] {
  return ["-o", "json_output=true", "-o", "webserver.enabled=true"];
}

async function readsAreSeen(falco: FalcoContainer, lab: Lab): Promise<void> {
  await must("cat", "/etc/shadow");
  await lab.runOnce([], "cat", "/etc/shadow").catch(() => {}); // there is none: an attempt to read counts
  const isRead = (container: RegExp) =>
    falco.until((alerts) =>
      alerts.some(({ output_fields: fields }) =>
        fields["fd.name"] === "/etc/shadow" && container.test(String(fields["container.id"]))
      )
    );
  await isRead(/^host$/);
  await isRead(/^[0-9a-f]{12}$/);
}

async function once(options: readonly string[]): Promise<{ code: number; text: string }> {
  const podman = ["--runtime", "runc", "--cgroup-manager=cgroupfs", "run", "--rm", "--network=none"];
  const limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];
  return await run("podman", ...podman, ...limits, ...options, TAG);
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!await isDone()) {
    if (performance.now() > endMs) throw new Error("not seen in time");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
