// The program as text, for golden files and for people: per event type the nodes that are used more than once,
// each under a number, then the condition of each rule.

import { latin1, type PredicateNode, type Structure, type ValueNode } from "./ir.ts";
import type { EventProgram, Program } from "./lower.ts";

const WIDTH = 100;

/** Printable ASCII with the rest escaped. */
export function quoted(bytes: Uint8Array): string {
  const text = latin1(bytes).replace(
    /[^\x20-\x7e]|["\\]/g,
    (char) =>
      char === '"' || char === "\\" ? `\\${char}` : `\\${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${text}"`;
}

function items(structure: Structure): string[] {
  switch (structure.kind) {
    case "texts":
    case "paths":
      return structure.items.map(quoted);
    case "numbers":
      return structure.items.map(String);
    case "nets":
      return structure.items.map((net) => `${net.bytes.join(".")}/${net.prefixBits}`);
    case "dfa":
      return [structure.pattern];
  }
}

function list(head: string, parts: readonly string[]): string {
  const line = `(${[head, ...parts].join(" ")})`;
  if (line.length <= WIDTH && !line.includes("\n")) return line;
  return `(${head}\n${parts.map((part) => indent(part)).join("\n")})`;
}

function indent(text: string): string {
  return text.split("\n").map((line) => `  ${line}`).join("\n");
}

class Printer {
  readonly #uses = new Map<number, number>();
  readonly #names = new Map<number, number>();
  readonly lines: string[] = [];

  count(node: PredicateNode): void {
    const uses = (this.#uses.get(node.id) ?? 0) + 1;
    this.#uses.set(node.id, uses);
    if (uses > 1) return;
    if (node.kind === "and" || node.kind === "or" || node.kind === "one") {
      node.operands.forEach((op) => this.count(op));
    } else if (node.kind === "not" || node.kind === "leaf") this.count(node.operand);
    else if (node.kind === "ancestors") this.count(node.test);
  }

  predicate(node: PredicateNode): string {
    const shared = (this.#uses.get(node.id) ?? 0) > 1 && node.kind !== "constant" && !node.bound;
    if (!shared) return this.#plain(node);
    let name = this.#names.get(node.id);
    if (name === undefined) {
      const text = this.#plain(node);
      name = this.#names.size + 1;
      this.#names.set(node.id, name);
      this.lines.push(`  %${name} = ${indent(text).trimStart()}`);
    }
    return `%${name}`;
  }

  #plain(node: PredicateNode): string {
    switch (node.kind) {
      case "constant":
        return String(node.value);
      case "and":
      case "or":
      case "one":
        return list(node.kind, node.operands.map((operand) => this.predicate(operand)));
      case "not":
        return list("not", [this.predicate(node.operand)]);
      case "leaf":
        return list(`leaf ${node.slot}`, [this.predicate(node.operand)]);
      case "present":
        return list("present", [this.value(node.value)]);
      case "compare":
        return list(node.operator, [this.value(node.left), this.value(node.right)]);
      case "ancestors":
        return list(`any ${node.fn}`, [this.predicate(node.test)]);
      case "test": {
        const right = "id" in node.right ? [this.value(node.right)] : items(node.right);
        return list(node.operator === undefined ? node.fn : `${node.fn}${node.operator}`, [
          this.value(node.left),
          ...right,
        ]);
      }
    }
  }

  value(node: ValueNode): string {
    switch (node.kind) {
      case "field": {
        const { arg } = node;
        return arg === undefined ? node.fn : `${node.fn}[${typeof arg === "number" ? arg : quoted(arg)}]`;
      }
      case "text":
        return quoted(node.bytes);
      case "number":
        return String(node.value);
      case "call":
        return list(node.fn, node.args.map((arg) => this.value(arg)));
      case "item":
        return "it";
    }
  }
}

function dumpEvent({ event, candidates }: EventProgram, names: readonly string[]): string {
  const printer = new Printer();
  for (const { condition } of candidates) printer.count(condition);
  for (const { rule, condition } of candidates) {
    const text = printer.predicate(condition);
    printer.lines.push(
      `  rule ${rule} ${JSON.stringify(names[rule])}\n    ${indent(indent(text)).trimStart()}`,
    );
  }
  const arrow = event.direction === "enter" ? ">" : "<";
  return `event ${event.code} ${event.name} ${arrow}\n${printer.lines.join("\n")}\n`;
}

function dumpOutputs(program: Program, names: readonly string[]): string {
  const printer = new Printer();
  return program.outputs.map((values, rule) => {
    const head = `output ${rule} ${JSON.stringify(names[rule])}`;
    if (values === undefined) return `${head}\n  never\n`;
    const lines = values.map(({ fn, node }) =>
      `  ${fn} ${node === undefined ? "missing" : printer.value(node)}`
    );
    return `${[head, ...lines].join("\n")}\n`;
  }).join("\n");
}

/** The whole program; `names` are the rules' names. */
export function dumpProgram(program: Program, names: readonly string[]): string {
  return [...program.events.map((event) => dumpEvent(event, names)), dumpOutputs(program, names)].join("\n");
}
