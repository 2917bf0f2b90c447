import { equal, match } from "node:assert/strict";
import { localClock, localDate, timeOfDay, utcDateTime } from "../../alerts/time_text.ts";

const NS = 1_795_299_136_256_366_934n; // 2026-11-21T22:12:16.256366934Z

async function inZone(zone: string, code: string): Promise<string> {
  const module = new URL("../../alerts/time_text.ts", import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", `import * as t from ${JSON.stringify(module)}; console.log(${code})`],
    env: { TZ: zone },
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("UTC time keeps all nine digits of the fraction", () => {
  equal(utcDateTime(NS), "2026-11-21T22:12:16.256366934");
  equal(utcDateTime(5n), "1970-01-01T00:00:00.000000005");
});

Deno.test("local times follow TZ, half-hour zones and summer time included", async () => {
  const code = `[t.timeOfDay(${NS}n), t.localDate(${NS}n), t.localClock(1781092931123456789n)].join(" ")`;
  equal(await inZone("UTC", code), "22:12:16.256366934 2026-11-21 12:02:11");
  equal(await inZone("Asia/Kolkata", code), "03:42:16.256366934 2026-11-22 17:32:11");
  equal(await inZone("Europe/Berlin", code), "23:12:16.256366934 2026-11-21 14:02:11");
});

Deno.test("times that no calendar holds do not throw", () => {
  for (const ns of [0n, -1n, (1n << 63n) - 1n, (1n << 64n) - 1n, -(1n << 63n), 1n << 80n]) {
    match(timeOfDay(ns), /^\d\d:\d\d:\d\d\.\d{9}$/);
    match(localClock(ns), /^\d\d:\d\d:\d\d$/);
    match(localDate(ns), /\d-\d\d-\d\d$/);
    match(utcDateTime(ns), /\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}$/);
  }
});
