// An explanation for people: what came, how near it was, which check kept it from matching, the condition as a tree.
// In: an Explanation. Out: lines; text of events is made harmless here.

import { basename } from "node:path";
import { sanitizeLine } from "../../base/mod.ts";
import type { AlertExplanation, KnownPart } from "./explain_alert.ts";
import type { ExplainedAttempt, ExplainedPart, Explanation, MissedCheck, NearMiss } from "./explanation.ts";

const MARKS = { true: "✓", false: "✗", unknown: "·" } as const;
const SHOWN_TYPES = 6;

/** @param isFull the whole tree, also where it does not decide */
export function explanationText(explanation: Explanation, isFull = false): string {
  const { rule, file, line, notes, events, matches, taken, near, shown, excluded, excluded_by } = explanation;
  const attempt = (one: ExplainedAttempt) => attemptLines(one, isFull);
  const lines = [`${rule} (${file}:${line})`, ...notes, ""];
  if (explanation.is_one) return finished([...lines, ...shown.flatMap(attempt)]);
  lines.push(...eventLines(explanation));
  if (matches > 0) {
    lines.push(`The condition is true for ${count(matches, "event")}.`);
    for (const { rule, events } of taken) {
      lines.push(
        `  An earlier rule takes ${
          count(events, "of them", "of them")
        }: \`${rule}\` (rule_matching is first).`,
      );
    }
    lines.push("", ...shown.slice(0, 1).flatMap(attempt));
  } else if (events.looked_at > 0) lines.push("The condition is true for none of them.");
  if (excluded > 0) {
    lines.push(
      "",
      `${count(excluded, "event")} had all that the rule asks for, and something that it excludes:`,
    );
    for (const miss of excluded_by) lines.push(...excludedLines(miss));
    if (matches === 0) lines.push("", ...attempt(excluded_by[0]!.nearest));
  }
  if (near.length > 0) {
    lines.push("");
    for (const miss of near) lines.push(...missLines(miss));
    if (matches === 0 && excluded === 0) lines.push("", ...attempt(near[0]!.nearest));
  }
  return finished(lines);
}

function finished(lines: readonly string[]): string {
  return lines.map((line) => sanitizeLine(line)).join("\n");
}

function eventLines({ events: { total, looked_at, of_types }, source }: Explanation): string[] {
  if (source !== "syscall") return [`${count(total, "event")} of the source ${source}.`];
  const types = Object.entries(of_types);
  const seen = types.filter(([, events]) => events > 0);
  const names = (list: readonly (readonly [string, number])[], withCount: boolean) => {
    const shown = list.slice(0, SHOWN_TYPES).map(([name, events]) =>
      withCount ? `${name} (${events})` : name
    );
    return shown.join(", ") + (list.length > shown.length ? ` and ${list.length - shown.length} more` : "");
  };
  if (types.length === 0) return [`No event type can make this rule match: see \`falco check\`.`];
  if (seen.length === 0) {
    return [
      `${count(total, "event")}, none of a type that the rule can match: ${names(types, false)}.`,
    ];
  }
  const missing = types.filter(([, events]) => events === 0);
  const lines = [`${count(total, "event")}; the rule looks at ${looked_at}: ${names(seen, true)}.`];
  if (missing.length > 0 && types.length <= 2 * SHOWN_TYPES) {
    lines.push(`There were no events of the types ${names(missing, false)}.`);
  }
  return lines;
}

function missLines({ distance, events, or_more, checks }: NearMiss): string[] {
  const came = `${or_more ? "At least " : ""}${count(events, "event")} came to within ${
    distance === 1 ? "one check" : count(distance, "check")
  }`;
  if (distance === 1) return [`${came}: ${missed(checks[0]!)}`];
  return [`${came}:`, ...checks.map((check) => `  ${missed(check)}`)];
}

function excludedLines({ events, or_more, checks }: NearMiss): string[] {
  return checks.map((check) => `  ${or_more ? "at least " : ""}${events}: ${missed(check)}`);
}

function missed({ text, wanted, exception, macros, file, line, seen }: MissedCheck): string {
  const place = [...macros, `${basename(file)}:${line}`].join(", ");
  const values = seen.map(({ values, events }) =>
    `${valueList(values)}${seen.length > 1 ? ` (${events})` : ""}`
  ).join("; ");
  const why = exception === undefined
    ? `\`${text}\` is ${wanted ? "false" : "true, which the rule excludes"}`
    : `the exception \`${exception}\` excludes it by \`${text}\``;
  return `${why}: ${values} [${place}]`;
}

function valueList(values: Readonly<Record<string, string | null>>): string {
  const texts = Object.entries(values).map(([key, value]) =>
    value === null ? `${key} has no value` : `${key} was \`${value}\``
  );
  return texts.length === 0 ? "no field is compared" : texts.join(", ");
}

function attemptLines(attempt: ExplainedAttempt, isFull: boolean): string[] {
  const about = Object.entries(attempt.about).filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${value}`).join(" ");
  const head = attempt.distance === 0
    ? `Event ${attempt.event} matches`
    : `Event ${attempt.event} misses by ${
      attempt.distance === 1 ? "one check" : count(attempt.distance, "check")
    }`;
  const taken = attempt.taken_by === undefined
    ? []
    : [`  but the earlier rule \`${attempt.taken_by}\` takes it`];
  return [
    about === "" ? head : `${head}: ${about}`,
    ...taken,
    ...treeLines(attempt.condition, 1, true, isFull),
  ];
}

/**
 * What decides is shown in full: of an `or` that holds the parts that hold, of an `and` that does not those that do not, and a
 * macro that is as it has to be in one line. `wanted`: what the part has to be for the rule to match.
 */
function treeLines(part: ExplainedPart, depth: number, wanted: boolean, isFull: boolean): string[] {
  const pad = `${"  ".repeat(depth)}${MARKS[`${part.holds}`]} `;
  if (part.kind === "check") return [`${pad}${checkText(part)}`];
  const isRight = part.holds === wanted;
  if (part.kind === "macro" || part.kind === "exception") {
    const name = `${pad}${part.kind} ${part.name}`;
    const [body] = part.parts;
    if (body?.kind === "check") return [`${name}: ${checkText(body)}`];
    return isRight && !isFull ? [name] : [name, ...treeLines(body!, depth + 1, wanted, isFull)];
  }
  if (part.kind === "not") {
    const [inner] = part.parts;
    if (inner?.kind === "check") return [`${pad}not ${checkText(inner)}`];
    const lines = treeLines(inner!, depth + 1, !wanted, isFull);
    return lines.length === 1 ? [`${pad}not ${lines[0]!.trimStart().slice(2)}`] : [`${pad}not`, ...lines];
  }
  const isOneEnough = (part.kind === "or") === wanted;
  const shown = isFull || !isOneEnough || !isRight
    ? part.parts
    : part.parts.filter(({ holds }) => holds === wanted);
  const hidden = part.parts.length - shown.length;
  const rest = hidden === 0
    ? []
    : [`${"  ".repeat(depth + 1)}… ${hidden} more that ${wanted ? "do not hold" : "hold"}`];
  return [
    `${pad}${part.kind}`,
    ...shown.flatMap((inner) => treeLines(inner, depth + 1, wanted, isFull)),
    ...rest,
  ];
}

function checkText({ text, values }: Extract<ExplainedPart, { kind: "check" }>): string {
  const texts = Object.entries(values).map(([key, value]) =>
    value === null ? `${key}: no value` : `${key}: ${value}`
  );
  return texts.length === 0 ? text : `${text}   ${texts.join(", ")}`;
}

export function alertExplanationText(
  { rule, file, line, time, condition }: AlertExplanation,
  isFull = false,
): string {
  return finished([
    `${rule} (${file}:${line})${time === undefined ? "" : `, alert of ${time}`}`,
    "✓ held, ✗ did not hold, · is not known from the alert alone: name the recording with --trace to see.",
    "",
    ...knownLines(condition, 1, isFull),
  ]);
}

/** Macros that did not hold, or are not known to, in one line. */
function knownLines(part: KnownPart, depth: number, isFull: boolean): string[] {
  const pad = "  ".repeat(depth) + MARKS[`${part.holds}`] + " ";
  if (part.kind === "check") {
    const values = Object.entries(part.values).map(([key, value]) => `${key}: ${value}`);
    return [`${pad}${part.text}${values.length === 0 ? "" : `   ${values.join(", ")}`}`];
  }
  if (part.kind === "not") {
    const lines = part.parts.flatMap((inner) => knownLines(inner, depth + 1, isFull));
    return lines.length === 1 ? [`${pad}not ${lines[0]!.trimStart().slice(2)}`] : [`${pad}not`, ...lines];
  }
  const name = "name" in part ? ` ${part.name}` : "";
  if (name !== "" && part.holds !== true && !isFull) return [`${pad}${part.kind}${name}`];
  return [
    `${pad}${part.kind}${name}`,
    ...part.parts.flatMap((inner) => knownLines(inner, depth + 1, isFull)),
  ];
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
