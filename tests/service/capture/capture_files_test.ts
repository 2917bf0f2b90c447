// What settings say about captures: which rules begin one, for how long, from when on, and how large a file becomes.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { defaultSettings } from "../../../config/settings.ts";
import type { CompiledRule } from "../../../rules/compile.ts";
import { CaptureFiles, captureOptions } from "../../../service/capture/capture_files.ts";
import type { InternalAlert } from "../../../service/internal_alerts/internal_alerts.ts";
import { FrozenDisk, frozenDiskRefusal } from "../../live/frozen_disk.ts";
import { until } from "../../outputs/outgoing_alerts.ts";

const rule = (capture: boolean, captureDurationMs: number) =>
  ({ capture, captureDurationMs }) as CompiledRule;

Deno.test("capture.mode, default_duration and before_duration: which rules begin a capture, from when to when", () => {
  const rules = [rule(true, 700), rule(true, 0), rule(false, 0)];
  const settings = { ...defaultSettings(), "capture.enabled": true };
  deepEqual(captureOptions(rules, defaultSettings()), undefined);
  deepEqual(captureOptions(rules, settings), {
    rules: [
      { starts: true, durationMs: 700 },
      { starts: true, durationMs: 5000 },
      { starts: false, durationMs: 5000 },
    ],
    beforeMs: 2000,
    maxDurationMs: 60_000,
    maxPerMinute: 6,
  });
  const others = {
    "capture.mode": "all_rules",
    "capture.default_duration": 300,
    "capture.before_duration": 100,
    "capture.max_duration": 900,
    "capture.max_per_minute": 0,
  } as const;
  deepEqual(captureOptions(rules, { ...settings, ...others }), {
    rules: [
      { starts: true, durationMs: 700 },
      { starts: true, durationMs: 300 },
      { starts: true, durationMs: 300 },
    ],
    beforeMs: 100,
    maxDurationMs: 900,
  });
});

Deno.test("capture.max_file_size_mb: a capture ends at this size, with an internal alert; path_prefix names it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const alerts: InternalAlert[] = [];
    const settings = {
      ...defaultSettings(),
      "capture.path_prefix": `${folder}/c`,
      "capture.max_file_size_mb": 1,
    };
    const files = new CaptureFiles(settings, () => {}, (alert) => alerts.push(alert));
    // files are compressed: what cannot be
    const chunk = (bytes: number) => ({
      kind: "events" as const,
      bytes: new Uint8Array(randomBytes(bytes)),
      events: 1,
      begins: false,
      full: false,
    });
    files.take({ ...chunk(100), begins: true, trigger: { timeNs: 7n, eventNumber: 9n } });
    for (let i = 0; i < 4; i++) files.take(chunk(600 << 10));
    await files.close();
    const [{ name }] = [...Deno.readDirSync(folder)] as [Deno.DirEntry];
    equal(name, `c_${"7".padStart(20, "0")}_${"9".padStart(20, "0")}.scap`);
    const { size } = Deno.statSync(`${folder}/${name}`);
    ok(size >= 1 << 20 && size < (1 << 20) + (601 << 10), `${size} bytes`);
    deepEqual(alerts.map(({ fields }) => fields["max_file_size_mb"]), [1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** As the engine sends it. */
function sent(bytes: number, number?: number) {
  return {
    kind: "events" as const,
    bytes: new Uint8Array(randomBytes(bytes)),
    events: 1,
    begins: number !== undefined,
    full: false,
    ...number === undefined ? {} : { trigger: { timeNs: BigInt(number), eventNumber: 1n } },
  };
}

async function withCaptures(
  changes: Partial<ReturnType<typeof defaultSettings>>,
  use: (files: CaptureFiles, folder: string, lines: string[]) => Promise<void>,
  folder?: string,
): Promise<void> {
  const made = folder ?? await Deno.makeTempDir();
  const lines: string[] = [];
  const settings = {
    ...defaultSettings(),
    "capture.path_prefix": `${made}/c`,
    "capture.min_free_mb": 0,
    ...changes,
  };
  try {
    await use(new CaptureFiles(settings, (_level, line) => lines.push(line)), made, lines);
  } finally {
    if (folder === undefined) await Deno.remove(made, { recursive: true });
  }
}

const filesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".scap")).length;

Deno.test("capture.max_files: no capture begins beyond, which is told and counted; other files do not count", () =>
  withCaptures({ "capture.max_files": 2 }, async (files, folder, lines) => {
    await Deno.writeTextFile(`${folder}/c_other.scap`, "");
    for (const number of [1, 2, 3, 4]) files.take(sent(100, number));
    await files.close();
    deepEqual([filesIn(folder), files.refused], [3, 2]);
    match(lines.join("\n"), /there are 2 captures .*c_\*\.scap, and capture\.max_files is 2 \(2 so far\)/);
  }));

Deno.test("capture.max_total_mb: the capture that is written ends there, and no other begins", () =>
  withCaptures({ "capture.max_total_mb": 16 }, async (files, folder, lines) => {
    files.take(sent(100, 1));
    for (let i = 0; i < 30; i++) files.take(sent(1 << 20));
    await files.close();
    files.take(sent(100, 2));
    await files.close();
    const bytes = [...Deno.readDirSync(folder)].reduce(
      (sum, { name }) => sum + Deno.statSync(`${folder}/${name}`).size,
      0,
    );
    ok(bytes >= 16 << 20 && bytes < 26 << 20, `${bytes}`);
    equal(filesIn(folder), 1);
    match(lines.join("\n"), /capture\.max_total_mb is 16/);
  }));

Deno.test("capture.min_free_mb: with less left on the disk no capture begins", () =>
  withCaptures({ "capture.min_free_mb": 1_000_000 }, async (files, folder, lines) => {
    files.take(sent(100, 1));
    await files.close();
    deepEqual([filesIn(folder), files.refused], [0, 1]);
    match(lines.join("\n"), /MiB are free in .*, and capture\.min_free_mb is 1000000/);
  }));

const noDisk = await frozenDiskRefusal();

Deno.test({
  name:
    `a disk that hangs: chunks are taken at once, what does not fit is given up and told, the end does not wait${
      noDisk === null ? "" : ` (skipped: ${noDisk})`
    }`,
  ignore: noDisk !== null,
  // what waits in the kernel ends with the thaw
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const disk = await FrozenDisk.make();
    try {
      await withCaptures({}, async (files, _folder, lines) => {
        files.take(sent(100, 1));
        await until("it has begun", () => filesIn(disk.folder) === 1);
        await disk.freeze();
        for (let i = 0; i < 200; i++) files.take(sent(1 << 20));
        match(
          lines.join("\n"),
          /capture not written to its end: the disk does not take it in time \(1 so far\)/,
        );
        await files.close();
        match(lines.join("\n"), /the disk did not take the last one within 3 s/);
        await disk.thaw();
      }, disk.folder);
    } finally {
      await disk.remove();
    }
  },
});
