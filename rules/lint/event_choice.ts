// Rules that name one of several calls that do the same, and not the one that programs use; and calls that move data.
// In: rules for system calls with the events that they can be about. Out: a warning at the name of the call.
// Elsewhere: whether such calls are captured (service/loading/io_calls.ts), event types that there are not (check/check.ts).

import { isHighVolumeIo, syscallsOfEvent } from "../../schema/mod.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { EVALUATED_EVENTS } from "../lower/events.ts";
import type { Expr, Value } from "../syntax/ast.ts";
import type { FactFinder } from "./facts.ts";
import { ALL_EVENTS } from "./possible_events.ts";
import type { LintedRule } from "./linted_rule.ts";

interface Family {
  /** one of them is enough */
  readonly others: readonly string[];
  readonly why: string;
}

const FAMILIES: Readonly<Record<string, Family>> = {
  open: { others: ["openat", "openat2"], why: "The C library opens files by `openat`" },
  unlink: { others: ["unlinkat"], why: "`rm` and many other programs call `unlinkat`" },
  rename: { others: ["renameat", "renameat2"], why: "`mv` and many other programs call `renameat2`" },
  chmod: { others: ["fchmodat"], why: "`chmod` and many other programs call `fchmodat`" },
  chown: { others: ["fchownat"], why: "`chown` and many other programs call `fchownat`" },
  mknod: { others: ["mknodat"], why: "The C library's mknod calls `mknodat`" },
  link: { others: ["linkat"], why: "`ln` and many other programs call `linkat`" },
  symlink: { others: ["symlinkat"], why: "`ln -s` and many other programs call `symlinkat`" },
  fork: { others: ["clone", "clone3"], why: "The C library's fork calls `clone`" },
};

const ABSENT: Readonly<Record<string, string>> = { send: "sendto", recv: "recvfrom" };

const bits = new Map<string, bigint>();
const highVolume = new Set<string>();
for (const [at, { name, code }] of EVALUATED_EVENTS.entries()) {
  bits.set(name, (bits.get(name) ?? 0n) | (1n << BigInt(at)));
  if (syscallsOfEvent(code).some(({ sc }) => isHighVolumeIo(sc))) highVolume.add(name);
}

export function eventChoices({ expr }: LintedRule, facts: FactFinder): Diagnostic[] {
  const { events, never } = facts.of(expr);
  if (never !== undefined || events === ALL_EVENTS) return [];
  const has = (name: string) => (events & (bits.get(name) ?? 0n)) !== 0n;
  return namedTypes(expr, true).flatMap((value) =>
    has(value.text) ? ofFamily(value, has) ?? ofVolume(value, has) ?? [] : []
  );
}

/** Names that evt.type is compared with, where the condition needs it. */
function namedTypes(expr: Expr, isWanted: boolean): Value[] {
  switch (expr.kind) {
    case "not":
      return namedTypes(expr.operand, !isWanted);
    case "and":
    case "or":
      return expr.operands.flatMap((operand) => namedTypes(operand, isWanted));
    case "check": {
      const { left, operator, right } = expr;
      if (!isWanted || left.kind !== "field" || !["evt.type", "syscall.type"].includes(left.name)) return [];
      if (!["=", "==", "in"].includes(operator)) return [];
      return right?.kind === "value" ? [right] : right?.kind === "list" ? [...right.items] : [];
    }
    default:
      return [];
  }
}

function ofFamily({ text, span }: Value, has: (name: string) => boolean): Diagnostic | undefined {
  const family = FAMILIES[text];
  if (family === undefined || family.others.some(has)) return undefined;
  return makeDiagnostic(
    "other-call",
    span,
    `the rule sees \`${text}\` and not \`${family.others.join("`, `")}\``,
    {
      notes: [`${family.why}.`],
      hint: `write \`evt.type in (${[text, ...family.others].join(", ")})\``,
    },
  );
}

function ofVolume({ text, span }: Value, has: (name: string) => boolean): Diagnostic | undefined {
  if (!highVolume.has(text)) return undefined;
  const instead = ABSENT[text];
  if (instead !== undefined) {
    return has(instead)
      ? undefined
      : makeDiagnostic("high-volume-call", span, `no call is named \`${text}\` on x86-64`, {
        notes: [`The C library's ${text} makes the call \`${instead}\`.`],
        hint: `write \`evt.type in (${text}, ${instead})\``,
      });
  }
  return makeDiagnostic("high-volume-call", span, `\`${text}\` is called very often`, {
    notes: [
      "Falco captures it only with `base_syscalls.all: true`; without that the rule never fires there.",
      "Here each such call on the host is captured that the kernel's filter cannot leave out: that costs time.",
    ],
    hint: OPENING[text],
  });
}

const OPENING: Readonly<Record<string, string>> = {
  write: "to see which files are written, look at who opens them: `evt.is_open_write = true`",
  read: "to see which files are read, look at who opens them: `evt.is_open_read = true`",
};
