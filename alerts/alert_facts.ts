// What is known of an alert when it leaves falco, whatever its form and its receiver.
// Elsewhere: making one from a match (outgoing_alert.ts), delivering it (outputs/).

import type { Priority } from "../base/mod.ts";

/** What is known of an alert, also after it has waited on a disk. */
export interface AlertFacts {
  /** numbered from 1 since the program began */
  readonly sequence: bigint;
  readonly timeNs: bigint;
  readonly rule: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly hostname: string;
  /** the rule's output, without time and priority; escaped as a line of text */
  readonly message: string;
  /** output_fields: each key with its value as JSON */
  readonly fields: readonly (readonly [key: string, json: string])[];
}

/** One alert, the same object for every sink. Texts are made when they are first asked for. */
export interface OutgoingAlert extends AlertFacts {
  /** as Falco prints it: time, priority, message */
  readonly text: string;
  /** Falco's JSON object in one line */
  readonly json: string;
}
