// The door of sources/json/: what other packages may use of it. What it is for: README.md.

export { type Batch, BatchReader, type EventStream, type SourceEvent } from "./batch_reader.ts";
export {
  type Extractors,
  type FieldText,
  type FieldValue,
  JSON_EXTRACTORS,
  type JsonEvent,
} from "./event_fields.ts";
export { type Chunk, readFiles, readStdin } from "./file_input.ts";
export { jsonEventFinders } from "./found_events.ts";
export { JsonDocument } from "./json_document.ts";
export { JsonScanner } from "./json_scanner.ts";
export { tailFile } from "./tail_input.ts";
