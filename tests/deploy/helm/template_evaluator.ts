// Evaluates parsed templates: text with actions → text.
// In: nodes, the templates that they may include, the values. Out: text. A missing field is printed as nothing, a field
// of something missing is an error, as with Helm.
// Elsewhere: functions without a context (template_functions.ts).

import { FUNCTIONS, isFields, isTrue, print, type TemplateFunction } from "./template_functions.ts";
import { type Command, type Node, type Operand, parseTemplate, type Pipeline } from "./template_parser.ts";

/** Variables of one block; those of the blocks around it are after it. */
class Scope {
  readonly #values = new Map<string, unknown>();

  constructor(readonly parent?: Scope) {}

  declare(name: string, value: unknown): void {
    this.#values.set(name, value);
  }

  #owner(name: string): Scope {
    if (this.#values.has(name)) return this;
    if (this.parent === undefined) throw new Error(`no variable ${name}`);
    return this.parent.#owner(name);
  }

  get(name: string): unknown {
    return this.#owner(name).#values.get(name);
  }

  assign(name: string, value: unknown): void {
    this.#owner(name).#values.set(name, value);
  }
}

export class TemplateSet {
  readonly #defined = new Map<string, readonly Node[]>();

  /** Its own text comes out when it is rendered under this name. */
  add(name: string, source: string): void {
    try {
      const { nodes, defined } = parseTemplate(source);
      this.#defined.set(name, nodes);
      for (const [inner, body] of defined) this.#defined.set(inner, body);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }

  render(name: string, dot: unknown): string {
    const nodes = this.#defined.get(name);
    if (nodes === undefined) throw new Error(`no template ${name}`);
    const scope = new Scope();
    scope.declare("$", dot);
    return this.#all(nodes, dot, scope);
  }

  #all(nodes: readonly Node[], dot: unknown, scope: Scope): string {
    return nodes.map((node) => this.#one(node, dot, scope)).join("");
  }

  #one(node: Node, dot: unknown, scope: Scope): string {
    if (node.kind === "text") return node.text;
    if (node.kind === "print") {
      const value = this.#pipeline(node.pipeline, dot, scope);
      return node.pipeline.declares.length > 0 ? "" : print(value);
    }
    const inner = new Scope(scope);
    if (node.kind === "range") return this.#range(node, dot, scope);
    const value = this.#pipeline(node.pipeline, dot, inner);
    if (!isTrue(value)) return this.#all(node.otherwise, dot, inner);
    return this.#all(node.body, node.kind === "with" ? value : dot, inner);
  }

  #range(
    { pipeline, body, otherwise }: Exclude<Node, { kind: "text" | "print" }>,
    dot: unknown,
    scope: Scope,
  ): string {
    const value = this.#pipeline({ ...pipeline, declares: [] }, dot, scope);
    const entries: [unknown, unknown][] = Array.isArray(value)
      ? value.map((item, i) => [i, item])
      : Object.entries(isFields(value) ? value : {}).sort(([a], [b]) => a < b ? -1 : 1);
    if (entries.length === 0) return this.#all(otherwise, dot, scope);
    const names = pipeline.declares;
    return entries.map(([key, item]) => {
      const inner = new Scope(scope);
      if (names.length === 2) inner.declare(names[0]!, key);
      if (names.length > 0) inner.declare(names.at(-1)!, item);
      return this.#all(body, item, inner);
    }).join("");
  }

  #pipeline({ declares, isAssignment, commands }: Pipeline, dot: unknown, scope: Scope): unknown {
    let value: unknown;
    commands.forEach((command, i) => {
      value = this.#command(command, i === 0 ? [] : [value], dot, scope);
    });
    for (const name of declares) isAssignment ? scope.assign(name, value) : scope.declare(name, value);
    return value;
  }

  #command(command: Command, piped: readonly unknown[], dot: unknown, scope: Scope): unknown {
    const [first, ...rest] = command as [Operand, ...Operand[]]; // the parser leaves none empty
    const name = first.kind === "call" ? first.name : undefined;
    if (name === "and" || name === "or") {
      // the rest is not looked at once the answer is there
      let value: unknown;
      for (const operand of rest) {
        value = this.#operand(operand, dot, scope);
        if (isTrue(value) === (name === "or")) break;
      }
      return value;
    }
    const args = [...rest.map((operand) => this.#operand(operand, dot, scope)), ...piped] as never[];
    if (name !== undefined) return this.#function(name)(...args);
    const value = this.#operand(first, dot, scope);
    if (typeof value === "function") return value(...args);
    if (args.length > 0) throw new Error("arguments for what is no function");
    return value;
  }

  #function(name: string): TemplateFunction {
    if (name === "include") return (template: string, inner: unknown) => this.render(template, inner);
    if (name === "tpl") {
      return (source: string, inner: unknown) => {
        this.add("tpl", source);
        return this.render("tpl", inner);
      };
    }
    const found = FUNCTIONS[name];
    if (found === undefined) throw new Error(`the function ${name} is not known here`);
    return found;
  }

  #operand(operand: Operand, dot: unknown, scope: Scope): unknown {
    switch (operand.kind) {
      case "literal":
        return operand.value;
      case "dot":
        return fieldOf(dot, operand.fields);
      case "variable":
        return fieldOf(scope.get(operand.name), operand.fields);
      case "call":
        return this.#command([operand], [], dot, scope);
      case "pipeline":
        return this.#pipeline(operand.pipeline, dot, scope);
    }
  }
}

function fieldOf(value: unknown, fields: readonly string[]): unknown {
  return fields.reduce((inner, name) => {
    if (inner === undefined || inner === null) throw new Error(`nil pointer evaluating .${name}`);
    return (inner as Record<string, unknown>)[name];
  }, value);
}
