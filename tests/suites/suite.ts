// The suites of Falco's event generator: YAML → cases in which no placeholder is left.
// In: text of a suite. Out: cases; an error for what this interpreter does not know.
// Elsewhere: playing them (play.ts).

import { parse } from "yaml";

export interface PlayedProcess {
  readonly name: string;
  readonly exe?: string;
  readonly args: readonly string[];
  readonly user?: string;
  readonly isFileless: boolean;
}

export interface Call {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Case {
  readonly test: string;
  readonly rule: string;
  readonly inContainer: boolean;
  readonly processes: readonly PlayedProcess[];
  /** files and folders that have to be there */
  readonly files: readonly { readonly path: string; readonly isFolder: boolean }[];
  readonly server?: { readonly protocol: "tcp4" | "tcp6"; readonly host: string; readonly port: number };
  /** a command of the shell that the last process runs first */
  readonly before?: string;
  readonly calls: readonly Call[];
  readonly expected: { readonly priority: string; readonly fields: Readonly<Record<string, string>> };
}

// deno-lint-ignore no-explicit-any
type Node = any;

export function readSuite(text: string): Case[] {
  // a placeholder may be a whole value: quoted, it is YAML
  const quoted = text.replace(/: (%\{[^}]*\})$/gm, ': "$1"');
  return (parse(quoted).tests as Node[]).flatMap((test) =>
    valuesOf(test.cases).map((values) => caseOf(fill(test, values)))
  );
}

/** `matrix`: every combination; `vector`: values that belong together. */
function valuesOf(cases: Node[] | undefined): Record<string, unknown>[] {
  if (cases === undefined) return [{}];
  return cases.flatMap(({ strategy, values }) => {
    if (strategy === "vector") return [values];
    if (strategy !== "matrix") throw new Error(`Cannot read a suite: unknown strategy ${strategy}`);
    return Object.entries(values as Record<string, unknown[]>).reduce<Record<string, unknown>[]>(
      (all, [key, options]) => all.flatMap((one) => options.map((value) => ({ ...one, [key]: value }))),
      [{}],
    );
  });
}

function fill(node: Node, values: Record<string, unknown>): Node {
  if (Array.isArray(node)) return node.map((item) => fill(item, values));
  if (typeof node === "object" && node !== null) {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value, values)]));
  }
  if (typeof node !== "string") return node;
  const whole = /^%\{ item\.(\w+) \}$/.exec(node)?.[1];
  if (whole !== undefined) return values[whole];
  return node.replace(/%\{ item\.(\w+) \}/g, (_, name) => String(values[name]));
}

function caseOf(test: Node): Case {
  const { context = {}, resources = [], steps = [], expectedOutcome } = test;
  const of = (type: string): Node[] => resources.filter((resource: Node) => resource.type === type);
  const unknown = resources.find((resource: Node) =>
    !["fd", "clientServer", "process"].includes(resource.type)
  );
  if (unknown !== undefined) throw new Error(`Cannot play ${test.name}: unknown resource ${unknown.type}`);
  const spawned = of("process").map(processOf);
  const server = of("clientServer")[0];
  return {
    test: test.name,
    rule: test.rule,
    inContainer: context.container !== undefined && context.container !== null,
    processes: [...(context.processes ?? []).map(processOf), ...spawned],
    files: of("fd").map(({ subtype, filePath, dirPath }) => ({
      path: subtype === "directory" ? dirPath : filePath,
      isFolder: subtype === "directory",
    })),
    ...server === undefined ? {} : { server: addressOf(server) },
    ...test.before === undefined ? {} : { before: test.before },
    calls: steps.map(({ syscall, args }: Node) => ({ name: syscall, args })),
    expected: {
      priority: expectedOutcome.priority,
      fields: Object.fromEntries(
        Object.entries(expectedOutcome.outputFields).map(([key, value]) => [key, String(value)]),
      ),
    },
  };
}

function processOf({ name, exe, args, user, fileLess }: Node): PlayedProcess {
  return {
    name,
    args: args === undefined ? [] : String(args).split(" "),
    isFileless: fileLess === true,
    ...exe === undefined ? {} : { exe },
    ...user === undefined ? {} : { user },
  };
}

function addressOf({ l4Proto, address }: Node): NonNullable<Case["server"]> {
  const [, host = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return { protocol: l4Proto, host, port: Number(port) };
}
