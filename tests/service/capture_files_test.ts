// What settings say about captures: which rules begin one, for how long, from when on, and how large a file becomes.

import { deepEqual, equal, ok } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { defaultSettings } from "../../config/settings.ts";
import type { CompiledRule } from "../../rules/compile.ts";
import { CaptureFiles, captureOptions } from "../../service/capture_files.ts";
import type { InternalAlert } from "../../service/internal_alerts.ts";

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
  });
  const others = {
    "capture.mode": "all_rules",
    "capture.default_duration": 300,
    "capture.before_duration": 100,
  } as const;
  deepEqual(captureOptions(rules, { ...settings, ...others }), {
    rules: [
      { starts: true, durationMs: 700 },
      { starts: true, durationMs: 300 },
      { starts: true, durationMs: 300 },
    ],
    beforeMs: 100,
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
    const piece = (bytes: number) => ({
      kind: "events" as const,
      bytes: new Uint8Array(randomBytes(bytes)),
      events: 1,
      begins: false,
      full: false,
    });
    await files.take({ ...piece(100), begins: true, trigger: { timeNs: 7n, eventNumber: 9n } });
    for (let i = 0; i < 4; i++) await files.take(piece(600 << 10));
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
