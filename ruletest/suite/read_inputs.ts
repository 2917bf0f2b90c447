// Events that are there already: recordings, and JSON as other sources have it.
// In: `scap`, `json` and `k8s_audit` of a case. Out: steps that hand them over as they are.
// Elsewhere: how they are evaluated (run/bench.ts), what is an event in a JSON text (sources/json).

import { resolve } from "node:path";
import { lookAt, readRegularFile } from "../../files/mod.ts";
import { short, type YamlNode, type YamlScalar } from "../../rules/mod.ts";
import type { Action } from "../scenario/step.ts";
import { entriesOf, type NodeReader, valueOf } from "./nodes.ts";

export const INPUT_WORDS: readonly string[] = ["scap", "json", "k8s_audit"];
export const JSON_KEYS = ["source", "file", "event"] as const;

const MAX_JSON_BYTES = 64 << 20;
/** What an API server says in every event. */
const AUDIT_DEFAULTS = {
  kind: "Event",
  apiVersion: "audit.k8s.io/v1",
  level: "RequestResponse",
  auditID: "00000000-0000-4000-8000-000000000000",
  stage: "ResponseComplete",
  requestURI: "/",
  stageTimestamp: "2026-01-01T00:00:00.000000Z",
};
const encoder = new TextEncoder();

export function readInput(
  reader: NodeReader,
  word: YamlScalar,
  value: YamlNode,
  folder: string,
): Action | undefined {
  switch (word.value) {
    case "scap": {
      const path = reader.text(value, "`scap`");
      if (path === undefined) return undefined;
      const full = resolve(folder, path);
      if (lookAt(full)?.kind === "file") return (scene) => scene.replay(full);
      return reader.fail("file-unreadable", value, `there is no capture file ${short(path)}`);
    }
    case "k8s_audit":
      return value.kind === "scalar"
        ? fileOf(reader, value, "k8s_audit", folder)
        : eventAction("k8s_audit", value, AUDIT_DEFAULTS);
    default: {
      const map = reader.map(value, "`json`", JSON_KEYS);
      const source = map === undefined ? undefined : reader.text(valueOf(map, "source"), "`source`");
      const file = map === undefined ? undefined : valueOf(map, "file");
      const event = map === undefined ? undefined : valueOf(map, "event");
      if (map === undefined) return undefined;
      if (source === undefined) return reader.fail("missing-key", word.span, "`json` has no `source`");
      if (file?.kind === "scalar") return fileOf(reader, file, source, folder);
      if (event !== undefined) return eventAction(source, event, {});
      return reader.fail("missing-key", word.span, "`json` has neither `file` nor `event`");
    }
  }
}

/** Defaults are what every such event has and no author wants to write. */
function eventAction(source: string, node: YamlNode, defaults: Record<string, unknown>): Action {
  const value = jsonOf(node);
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const bytes = encoder.encode(JSON.stringify(isMap ? { ...defaults, ...value } : value));
  return (scene) => scene.json(source, bytes);
}

function fileOf(reader: NodeReader, node: YamlScalar, source: string, folder: string): Action | undefined {
  const read = readRegularFile(resolve(folder, node.value), MAX_JSON_BYTES);
  if ("bytes" in read) return (scene) => scene.json(source, read.bytes);
  return reader.fail("file-unreadable", node, `cannot read ${short(node.value)}: ${read.problem.reason}`);
}

/** YAML's plain scalars are numbers, truth values and nothing where they look so. */
export function jsonOf(node: YamlNode): unknown {
  switch (node.kind) {
    case "null":
      return null;
    case "sequence":
      return node.items.map(jsonOf);
    case "map":
      return Object.fromEntries(entriesOf(node).map(({ key, value }) => [key.value, jsonOf(value)]));
    case "scalar": {
      const { value, span } = node;
      const isQuoted = /["'|>]/.test(span.source.text[span.start] ?? "");
      if (isQuoted) return value;
      if (value === "true" || value === "false") return value === "true";
      return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? Number(value) : value;
    }
  }
}
