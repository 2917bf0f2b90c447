// One case of a test file.
// In: the expanded mapping of a case, what the file says for all its cases. Out: a case that can be run.
// Elsewhere: templates and matrix (expand.ts), its parts (read_container.ts, read_process.ts, read_steps.ts, read_expect.ts).

import type { YamlMap, YamlNode } from "../../rules/mod.ts";
import type { World } from "../scenario/world.ts";
import type { Expanded } from "./expand.ts";
import { type NodeReader, valueOf } from "./nodes.ts";
import { Containers } from "./read_container.ts";
import { readHosts } from "./read_hosts.ts";
import { readExpect } from "./read_expect.ts";
import { pidsIn, Processes } from "./read_process.ts";
import { StepReader } from "./read_steps.ts";
import { Users } from "./read_users.ts";
import type { RulesPath, TestCase } from "./suite.ts";

/** What a case may say; the first half may be said for all cases of a file, too. */
export const SHARED_KEYS = [
  ...[
    "rules",
    "rule_matching",
    "hostname",
    "hosts",
    "users",
    "groups",
    "containers",
    "process",
    "processes",
    "before",
  ],
] as const;
export const CASE_KEYS = [
  ...["name", "skip", "only", "template", "with", "matrix"],
  ...SHARED_KEYS,
  ...["events", "expect"],
] as const;

export interface CaseContext {
  readonly reader: NodeReader;
  readonly folder: string;
  /** what the file says */
  readonly shared: YamlMap;
  readonly rulesOf: (node: YamlNode | undefined) => readonly RulesPath[];
}

export function readCase({ map: own, row }: Expanded, context: CaseContext): TestCase | undefined {
  const { reader, shared, folder } = context;
  reader.map(own, "a case", CASE_KEYS);
  const value = (key: string) => valueOf(own, key) ?? valueOf(shared, key);
  const nameNode = valueOf(own, "name");
  const name = reader.text(nameNode, "`name`");
  for (const key of ["name", "expect", "events"]) if (reader.isMisspelt(own, key)) return undefined;
  if (nameNode === undefined) return reader.fail("missing-key", own, "a case has no `name`");
  const expectNode = valueOf(own, "expect");
  if (expectNode === undefined || expectNode.kind === "null") {
    return reader.fail("missing-key", nameNode.span, "the case has no `expect`", {
      hint: "write `expect: RULE`, or `expect: nothing` when no rule shall fire",
    });
  }
  const expect = readExpect(reader, expectNode);
  const known: readonly string[] = CASE_KEYS;
  const saysNothing = [...own.entries.keys()].every((key) =>
    known.includes(key) && key !== "events" && key !== "skip"
  );
  if (saysNothing && expect?.lists.length === 0) {
    return reader.fail("missing-key", nameNode.span, "the case has no `events`");
  }
  const users = new Users(reader, value("users"), value("groups"));
  const world = readWorld(reader, users, value);
  const steps = new StepReader(reader, users, world?.named.keys() ?? [], folder);
  const before = [...ofFileFirst(steps, shared, own), ...steps.read(valueOf(own, "before"))];
  const events = steps.read(valueOf(own, "events"));
  const skip = reader.text(valueOf(own, "skip"), "`skip`");
  const matching = reader.word(value("rule_matching"), "`rule_matching`", ["first", "all"] as const);
  const only = reader.flag(valueOf(own, "only"), "`only`") ?? false;
  const rules = context.rulesOf(value("rules"));
  if (name === undefined || expect === undefined || world === undefined) return undefined;
  return {
    name: name + row,
    span: nameNode.span,
    rules,
    matching: matching ?? "all",
    only,
    ...(skip === undefined ? {} : { skip }),
    world,
    before,
    events,
    expect,
  };
}

/** What all cases begin with comes before what this one begins with. */
function ofFileFirst(steps: StepReader, shared: YamlMap, own: YamlMap) {
  const node = valueOf(shared, "before");
  return node === valueOf(own, "before") ? [] : steps.read(node);
}

function readWorld(
  reader: NodeReader,
  users: Users,
  value: (key: string) => YamlNode | undefined,
): World | undefined {
  const containers = new Containers(reader, value("containers"));
  const processes = new Processes(
    reader,
    users,
    containers,
    pidsIn(value("process"), value("processes")),
  );
  processes.readNamed(value("processes"));
  const node = value("process");
  const actor = node === undefined
    ? [...processes.named.values()][0] ??
      processes.read({ kind: "scalar", value: "app" } as YamlNode, undefined)
    : node.kind === "scalar" && processes.named.has(node.value)
    ? processes.named.get(node.value)
    : processes.read(node, undefined);
  const hosts = readHosts(reader, value("hosts"));
  const hostname = reader.text(value("hostname"), "`hostname`") ?? "host";
  if (actor === undefined) return undefined;
  return {
    hostname,
    hosts,
    users: users.users,
    groups: users.groups,
    processes: processes.all,
    named: processes.named,
    actor,
  };
}
