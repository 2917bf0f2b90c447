// Results as workflow commands of GitHub Actions, which shows them next to the lines of a change; then the people's summary.

import { sanitizeLine } from "../../base/mod.ts";
import { positionAt, type Span } from "../../rules/mod.ts";
import type { TestRun } from "../run/run_tests.ts";
import { failureLines } from "./failure_lines.ts";
import { countsOf } from "./counts.ts";

export function forGithub({ results }: TestRun): string {
  const lines: string[] = [];
  for (const result of results) {
    const { test, status, reason, failures } = result;
    if (status === "skipped") {
      lines.push(annotation("notice", test.span, "skipped", `${test.name}: ${reason ?? ""}`));
    }
    for (const failure of failures) {
      const more = failures[0] === failure ? failureLines(result) : [failure.message];
      lines.push(annotation("error", failure.span, test.name, more.join("\n")));
    }
  }
  const { passed, failed, skipped } = countsOf(results);
  lines.push(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return `${lines.join("\n")}\n`;
}

/** @param at a file as a whole, or a place in it */
export function annotation(
  kind: "error" | "warning" | "notice",
  at: Span | string,
  title: string,
  message: string,
): string {
  const where = typeof at === "string" ? property(at) : `${property(at.source.path)},${placeOf(at)}`;
  const lines = message.split("\n").map((line) => sanitizeLine(line)).join("\n");
  return `::${kind} file=${where},title=${property(title)}::${escaped(lines)}`;
}

function placeOf({ source, start }: Span): string {
  const { line, column } = positionAt(source, start);
  return `line=${line},col=${column}`;
}

function property(text: string): string {
  return escaped(sanitizeLine(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
