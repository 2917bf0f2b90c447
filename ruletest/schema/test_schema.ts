// The JSON schema of a test file, for editors: `falco test --schema`.
// In: the key tables that the reader itself uses, events and words. Out: a schema (draft-07), as a plain object.
// Elsewhere: what the reader says, which is more than a schema can (suite/).

import { PRIORITIES } from "../../base/mod.ts";
import { CURRENT_EVENTS } from "../../schema/mod.ts";
import { resultParam } from "../scenario/event_defaults.ts";
import { WORDS } from "../scenario/words/words.ts";
import { eventOf } from "../scenario/words/any_event.ts";
import { EXE_FLAGS } from "../scenario/world.ts";
import { CASE_KEYS, SHARED_KEYS } from "../suite/read_case.ts";
import { CONTAINER_KEYS, ENGINES, POD_KEYS } from "../suite/read_container.ts";
import { EXPECT_KEYS, FIRED_KEYS, LIST_KEYS } from "../suite/read_expect.ts";
import { FILE_KEYS } from "../suite/read_file.ts";
import { INPUT_WORDS, JSON_KEYS } from "../suite/read_inputs.ts";
import { PROCESS_KEYS } from "../suite/read_process.ts";
import { STEP_KEYS } from "../suite/read_steps.ts";
import { USER_KEYS } from "../suite/read_users.ts";
import { MATCH_WORDS } from "../suite/text_match.ts";
import { DESCRIPTIONS } from "./descriptions.ts";

type Schema = { readonly [key: string]: unknown };

const scalar = { type: ["string", "number", "boolean"] };
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const oneOrMore = (schema: Schema) => ({ anyOf: [schema, { type: "array", items: schema }] });
const mapOf = (schema: Schema) => ({ type: "object", additionalProperties: schema });
const texts = oneOrMore(scalar);
const flag = { type: "boolean" };
const number = { type: "integer", minimum: 0 };

/** What a key holds, where it is not a text. */
const VALUES: Readonly<Record<string, Schema | (() => Schema)>> = {
  rules: texts,
  rule_matching: { enum: ["all", "first"] },
  hosts: mapOf(texts),
  users: () => mapOf({ anyOf: [number, object("user", USER_KEYS)] }),
  groups: mapOf(number),
  containers: mapOf(ref("container")),
  process: ref("process"),
  parent: ref("process"),
  processes: mapOf(ref("process")),
  before: oneOrMore(ref("event")),
  events: oneOrMore(ref("event")),
  do: oneOrMore(ref("event")),
  templates: () => mapOf(object("template", CASE_KEYS)),
  cases: { type: "array", items: ref("case") },
  only: flag,
  with: { type: "object" },
  matrix: { type: ["object", "array"] },
  expect: () => ({
    anyOf: [ref("alert"), { type: "array", items: ref("alert") }, object("expect", EXPECT_KEYS)],
  }),
  fired: oneOrMore(ref("alert")),
  not_fired: texts,
  nothing_else: flag,
  lists: () => mapOf({ anyOf: [texts, object("list", LIST_KEYS)] }),
  items: texts,
  contains: texts,
  lacks: texts,
  times: { type: ["integer", "string"] },
  priority: { enum: [...PRIORITIES, ...PRIORITIES.map((word) => word.toUpperCase()), "Info", "INFO"] },
  output: ref("text"),
  fields: mapOf(ref("text")),
  in: () => ({
    anyOf: [scalar, object("in", ["container"], { container: { anyOf: [scalar, ref("container")] } })],
  }),
  pid: number,
  session: number,
  tty: { type: ["boolean", "integer"] },
  args: texts,
  env: { anyOf: [texts, { type: "object" }] },
  files: mapOf(scalar),
  capabilities: texts,
  exe_is: oneOrMore({ enum: [...EXE_FLAGS] }),
  engine: { enum: [...ENGINES] },
  labels: mapOf(scalar),
  mounts: texts,
  services: texts,
  pod: () => ({ anyOf: [scalar, object("pod", POD_KEYS)] }),
  ...Object.fromEntries(
    ["privileged", "host_network", "host_pid", "host_ipc", "known"].map((key) => [key, flag]),
  ),
};

export function testSchema(): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Tests of Falco rules",
    ...object("file", FILE_KEYS),
    required: ["cases"],
    definitions: {
      case: { ...object("case", CASE_KEYS), required: ["name"] },
      process: { anyOf: [scalar, object("process", PROCESS_KEYS)] },
      container: object("container", CONTAINER_KEYS),
      alert: { anyOf: [scalar, { ...object("alert", FIRED_KEYS), required: ["rule"] }] },
      text: { anyOf: [{ type: ["string", "number", "boolean", "null"] }, matchSchema()] },
      event: { anyOf: [{ type: "string" }, eventSchema()] },
    },
  };
}

function object(what: string, keys: readonly string[], own: Readonly<Record<string, Schema>> = {}): Schema {
  const properties = Object.fromEntries(keys.map((key) => {
    const description = DESCRIPTIONS[`${what}.${key}`] ?? DESCRIPTIONS[key];
    const found = own[key] ?? VALUES[key] ?? scalar;
    const schema = typeof found === "function" ? found() : found;
    return [key, description === undefined ? schema : { ...schema, description }];
  }));
  return { type: "object", additionalProperties: false, properties };
}

function matchSchema(): Schema {
  return object("match", MATCH_WORDS, { in: texts, exists: flag });
}

function eventSchema(): Schema {
  const names = new Set([...CURRENT_EVENTS.map(({ name }) => name), ...Object.keys(WORDS)]);
  const properties: Record<string, Schema> = {};
  for (const name of names) {
    const event = eventOf(name);
    const params = (event?.params ?? []).map((param) => [param.name, texts] as const);
    const returns = event !== undefined && resultParam(event) !== undefined
      ? [["returns", scalar] as const]
      : [];
    const word = WORDS[name];
    properties[name] = {
      anyOf: [texts, { type: "null" }, {
        type: "object",
        properties: Object.fromEntries([...params, ...returns]),
      }],
      ...(word === undefined ? {} : { description: `${word.form}: ${word.summary}` }),
    };
  }
  for (const word of INPUT_WORDS) {
    properties[word] = word === "json" ? object("json", JSON_KEYS, { event: {} }) : {};
  }
  const own = object("step", STEP_KEYS)["properties"] as Record<string, Schema>;
  return { type: "object", properties: { ...properties, ...own } };
}

/** Every key that a test file may have, for the test that each is described. */
export const ALL_KEYS: readonly string[] = [
  ...new Set<string>([
    ...[
      ...SHARED_KEYS,
      ...CASE_KEYS,
      ...FILE_KEYS,
      ...PROCESS_KEYS,
      ...CONTAINER_KEYS,
      ...POD_KEYS,
      ...STEP_KEYS,
    ],
    ...[...EXPECT_KEYS, ...FIRED_KEYS],
  ]),
];
