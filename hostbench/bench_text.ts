// What falco costs on this host, for people: two tables.
// In: a HostBench. Out: text.

import { sanitizeLine } from "../base/mod.ts";
import type { HostBench, Mode } from "./bench_host.ts";

const MODE_WORDS: Readonly<Record<Mode, string>> = {
  none: "without falco",
  off: "filter off",
  auto: "filter auto",
};
const ORDER: readonly Mode[] = ["none", "off", "auto"];

export function benchText({ kernel, cpus, rules, calls, flood, notes }: HostBench): string {
  const [first] = flood;
  const lines = [
    `Linux ${kernel}, ${cpus} ${cpus === 1 ? "CPU" : "CPUs"}, ${rules} rules about system calls`,
    ...notes.map((note) => `note: ${note}`),
    "",
    ...table(
      ["nanoseconds a call", "without falco", "added, filter off", "added, filter auto"],
      calls.map(({ call, none, off, auto }) => [call, whole(none), added(off - none), added(auto - none)]),
    ),
    "",
    ...first === undefined ? [] : [
      `Files opened and closed as fast as ${
        first.processes === 1 ? "one process" : `${first.processes} processes`
      } can, ${first.seconds} s:`,
    ],
    ...table(
      ["", "opened", "events of it", "dropped", "CPU of falco"],
      ORDER.flatMap((mode) => flood.filter((one) => one.mode === mode)).map((one) => [
        MODE_WORDS[one.mode],
        whole(one.opens),
        whole(one.events),
        whole(one.dropped),
        `${one.cpu_seconds.toFixed(1)} s`,
      ]),
    ),
  ];
  return lines.map((line) => sanitizeLine(line)).join("\n");
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** What is less than the clock can tell apart comes out on both sides of zero. */
function added(ns: number): string {
  return `${ns < 0 ? "−" : "+"}${whole(Math.abs(ns))}`;
}

/** Columns of numbers are aligned right, the first one left. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ").trimEnd()
  );
}
