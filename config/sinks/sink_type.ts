// What a type of sink is to the configuration: its keys. One file per type next to this one, all named in types.ts.
// The same table serves Falco's own section (`http_output`) where there is one, and entries of `sinks` with that type.
// Elsewhere: what every entry of `sinks` has whatever its type (common.ts), delivering (outputs/).

import type { Definitions } from "../definition.ts";

export interface SinkType {
  /** for docs: what it delivers to */
  readonly help: string;
  /** without name, type, format, priority … of common.ts; `required(…)` marks what an entry must have */
  readonly keys: Definitions;
  /** what `format: falco` stands for; absent: text or JSON, as json_output says */
  readonly falcoFormat?: "text" | "json" | "otlp";
}
