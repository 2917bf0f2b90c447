// The self-test: watches the host with one rule of its own, makes an event of each family of the probe happen in another
// process, and sees which arrive: kernel, rings, matcher, rule and alert together.
// In: settings. Out: a finding for each family. The rules of the user play no part.
// Elsewhere: which events (self_test_calls.ts), making them (event_maker.ts).

import { ownCommand } from "../assets/mod.ts";
import type { Settings } from "../config/mod.ts";
import { Engine } from "../engine/mod.ts";
import { messageOf } from "../base/mod.ts";
import { callWithMark } from "../ffi/mod.ts";
import { compileRules, environmentOf, makeSource, RuleSet } from "../rules/mod.ts";
import { CURRENT_EVENTS, PROBE_LIMITS, syscallByName, SYSCALLS } from "../schema/mod.ts";
import { eventSource } from "../service/mod.ts";
import type { Answers } from "./event_maker.ts";
import { fail, type Finding, ok, warning } from "./finding.ts";
import { knowsHostProcesses, SHARE_PROCESSES } from "./places.ts";
import { LIFE_EVENTS, MADE_CALLS } from "./self_test_calls.ts";

const SUBJECT = "self-test";
/** Long enough for an emulated machine. */
const MAKER_PATIENCE_MS = 120_000;
const ARRIVAL_PATIENCE_MS = 10_000;
const POLL_MS = 50;
const CANARY_NUMBER = 1;
const ENOSYS = 38;
/** of calls that have no event of their own */
const GENERIC_EVENT = 1;
const REPORT_IT = "Please report this with the output of falco doctor --json and falco support";
const REMEDY = "  remedy: ";

/** One thing that has to arrive: any of these events. */
interface Expected {
  readonly family: string;
  /** by which it is made; none: by being a process */
  readonly call?: string;
  readonly events: readonly string[];
}

export interface SelfTestOptions {
  readonly settings: Settings;
  readonly hostRoot: string;
  /** flag of `falco doctor` that makes a process the maker of events */
  readonly flagOfMaker: string;
}

export async function selfTest({ settings, hostRoot, flagOfMaker }: SelfTestOptions): Promise<Finding[]> {
  const mark = `falco-self-test-${crypto.randomUUID()}`;
  const expected: readonly Expected[] = [
    ...LIFE_EVENTS,
    ...MADE_CALLS.map(({ family, call }) => ({ family, call, events: [eventOf(call)] })),
  ];
  const arrived = new Set<string>();
  let isCanarySeen = false;
  let engine: Engine | undefined;
  try {
    engine = await Engine.start({
      rules: ruleFor(mark, new Set(expected.flatMap(({ events }) => events))),
      source: eventSource(settings, {}),
      onAlerts: (alerts) => {
        for (const { values: [type] } of alerts) if (type?.kind === "text") arrived.add(type.value);
      },
    });
    engine.onCanary = (number) => isCanarySeen ||= number === CANARY_NUMBER;
    callWithMark(PROBE_LIMITS.CANARY_MAGIC, CANARY_NUMBER);
    const answers = await runMaker([flagOfMaker, mark]);
    const wanted = expected.filter(({ call }) => call === undefined || answers[call] !== -ENOSYS);
    const isThere = ({ events }: Expected) => events.some((event) => arrived.has(event));
    const untilMs = performance.now() + ARRIVAL_PATIENCE_MS;
    const knowsItself = knowsHostProcesses(hostRoot);
    while (!((isCanarySeen || !knowsItself) && wanted.every(isThere)) && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const { events } = engine.liveCounters;
    return [
      ...byFamily(wanted, isThere),
      entries((code) => events.has(code)),
      canary(isCanarySeen, knowsItself),
    ];
  } catch (error) {
    return [failed(error)];
  } finally {
    await engine?.stop().catch(() => {});
  }
}

function ruleFor(mark: string, events: ReadonlySet<string>) {
  const filter = `proc.cmdline contains "${mark}" and evt.type in (${[...events].join(", ")})`;
  const { rule, diagnostics } = RuleSet.of([], environmentOf())
    .filter(makeSource("FILTER", filter), makeSource("FORMAT", "%evt.type"));
  if (rule === undefined) throw new Error(`The self-test's rule is wrong: ${diagnostics[0]?.message}`);
  return compileRules([rule], { matching: "all" });
}

/** What the kernel answered to the other process. */
async function runMaker(args: readonly string[]): Promise<Answers> {
  const own = ownCommand(["doctor", ...args]);
  const child = new Deno.Command(own.path, {
    args: [...own.args],
    // a root without /dev has no null device
    stdin: "inherit",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(MAKER_PATIENCE_MS),
  });
  const { code, signal, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  if (code === 0) return JSON.parse(decoder.decode(stdout));
  const words = decoder.decode(stderr).trim().split("\n").at(-1) ?? "";
  throw new Error(`The process that makes events ended with ${signal ?? code}: ${words}`);
}

function byFamily(wanted: readonly Expected[], isThere: (one: Expected) => boolean): Finding[] {
  return [...Map.groupBy(wanted, ({ family }) => family)].map(([family, all]) => {
    const subject = `${SUBJECT}: ${family}`;
    const missing = all.filter((one) => !isThere(one)).map(({ events }) => events.join(" or "));
    const names = [...new Set(all.map(({ events, call }) => call ?? events[0]))].join(", ");
    if (missing.length === 0) return ok(subject, names);
    return fail(
      subject,
      `no event arrived of ${missing.join(", ")}`,
      REPORT_IT,
    );
  });
}

/** Calls that are reported at entry too, where arguments stand as they were before anybody could change them. */
function entries(hasCome: (code: number) => boolean): Finding {
  const subject = `${SUBJECT}: enter`;
  const made = new Set(MADE_CALLS.map(({ call }) => call));
  const calls = SYSCALLS.filter(({ name, enterEvent }) => enterEvent !== undefined && made.has(name));
  const missing = calls.filter(({ enterEvent }) => !hasCome(enterEvent!));
  if (missing.length === 0) return ok(subject, `${calls.map(({ name }) => name).join(", ")}, at entry`);
  return fail(subject, `no event at entry of ${missing.map(({ name }) => name).join(", ")}`, REPORT_IT);
}

/** Its name differs from that of the call in a few cases: pread64 is pread. */
function eventOf(call: string): string {
  const code = syscallByName(call)?.exitEvent;
  return CURRENT_EVENTS.find((event) => event.code === code && code !== GENERIC_EVENT)?.name ?? call;
}

function canary(isSeen: boolean, knowsItself: boolean): Finding {
  const subject = `${SUBJECT}: canary`;
  if (!isSeen && !knowsItself) {
    return warning(
      subject,
      "falco does not know its own number on the host, so it cannot watch itself nor leave itself out",
      SHARE_PROCESSES,
    );
  }
  if (isSeen) return ok(subject, "the call by which falco watches itself comes through");
  return fail(subject, "the call by which falco watches itself did not come through", REPORT_IT);
}

/** An error that crossed the border of the worker holds its whole report in its message. */
function failed(error: unknown): Finding {
  const lines = messageOf(error).split("\n");
  const isRemedy = (line: string) => line.startsWith(REMEDY);
  return fail(
    SUBJECT,
    lines.filter((line) => !isRemedy(line)).map((line) => line.trim()).join("\n"),
    ...lines.filter(isRemedy).map((line) => line.slice(REMEDY.length)),
  );
}
