// The door of base/: what other packages may use of it. What it is for: README.md.

export { bodyChunks } from "./body_chunks.ts";
export { BoundError, parseBoundedJson, parseJsonBytes } from "./bounded_json.ts";
export { ByteCollector } from "./byte_collector.ts";
export { type ByteStream, writeAll } from "./byte_stream.ts";
export { concatenate } from "./concatenate.ts";
export { durationText, parseDuration } from "./duration.ts";
export { CallError, EnvironmentError, ERRNO, messageOf } from "./errors.ts";
export { jsonLine, parseExactJson } from "./exact_json.ts";
export { ANSWER_LIMITS, type JsonLimits } from "./json_limits.ts";
export {
  cpuCountOf,
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectAt,
  objectOf,
  parseJson,
  secondsOf,
  textOf,
  textsOf,
} from "./json_value.ts";
export { LineWriter } from "./line_writer.ts";
export { backOffMs, Pause, pause, within } from "./pause.ts";
export { PRIORITIES, type Priority } from "./priority.ts";
export { escapeJson, escapeText, joinLines, jsonText, sanitize, sanitizeLine } from "./sanitize.ts";
export { StreamBudget } from "./stream_budget.ts";
export { didYouMean, editDistance, nearestName } from "./suggest.ts";
export { TokenBucket } from "./token_bucket.ts";
export { InvalidRules, UsageError } from "./usage_error.ts";
export {
  COMPATIBLE_FALCO,
  ENGINE_VERSION,
  EVENT_SCHEMA_VERSION,
  PLUGIN_VERSIONS,
  VERSION,
  type Version,
  versions,
  versionsBody,
} from "./versions.ts";
export { DEFAULT_FILE } from "./default_file.ts";
