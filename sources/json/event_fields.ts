// What an extractor of a JSON event is, and the fields that every such event has: json.* and jevt.*.
// In: the document and the time of an event. Out: texts, as tokens where that is what is in the document.
// Elsewhere: fields of audit events (sources/k8s_audit/audit_fields.ts), handing texts to the matcher
// (engine/json_extractors.ts).

import type { JsonDocument } from "./json_document.ts";
import { pointerSteps, type Step } from "./json_path.ts";

export interface JsonEvent {
  readonly document: JsonDocument;
  /** epoch nanoseconds */
  readonly timeNs: bigint;
}

/** The text of a token (JsonDocument.text), or a text that was made. */
export type FieldText = number | string;

/** No value, one text, or a list; a list without elements is no value. */
export type FieldValue = undefined | FieldText | readonly FieldText[];

export interface Extractors {
  readonly plain?: Readonly<Record<string, (event: JsonEvent) => FieldValue>>;
  /** with a number in brackets */
  readonly indexed?: Readonly<Record<string, (event: JsonEvent, index: number) => FieldValue>>;
  /** with a text in brackets; what it means is found once */
  readonly named?: Readonly<Record<string, (argument: string) => (event: JsonEvent) => FieldValue>>;
}

const at = (steps: readonly Step[]) => ({ document }: JsonEvent): FieldValue => {
  const token = document.find(steps);
  return token < 0 ? undefined : token;
};
const value = (pointer: string) => at(pointerSteps(pointer));
/** A part of the room of all texts that are made (engine/json_extractors.ts). */
const MAX_INDENTED_BYTES = 4 << 20;
/** Where it is too long the raw text stands for it: it is there already. */
const whole = ({ document }: JsonEvent) => document.indented(0, MAX_INDENTED_BYTES) ?? 0;
const rawTime = ({ timeNs }: JsonEvent) => String(timeNs);

export const JSON_EXTRACTORS: Extractors = {
  plain: {
    json_obj: whole,
    jevt_obj: whole,
    json_rawtime: rawTime,
    jevt_rawtime: rawTime,
    evt_plugininfo: ({ document }) => document.raw(0),
  },
  named: { json_value: value, jevt_value: value },
};
