// An alert as it leaves the engine worker: a plain object that can be posted between threads.
// In: engine/alert_reader.ts makes it from the matcher's OUT region. Out: outputs/ renders it.
// Elsewhere: the rule's name, priority and output template, looked up by `rule` in the compiled rules.
// Types only.

/** One output value, in the order of the rule's `OutputTemplate.fields`. */
export type AlertValue =
  /** the field has no value for this event */
  | { readonly kind: "missing" }
  /** decoded as UTF-8, each malformed sequence as U+FFFD; control characters are kept */
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "uint"; readonly value: bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  /** 4 or 16 bytes in network order */
  | { readonly kind: "ip"; readonly value: Uint8Array }
  /** epoch nanoseconds */
  | { readonly kind: "time"; readonly value: bigint }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "double"; readonly value: number }
  | { readonly kind: "list"; readonly value: readonly AlertValue[] };

export interface Alert {
  /** index of the rule in the compiled rules */
  readonly rule: number;
  /** event code */
  readonly eventType: number;
  /** epoch nanoseconds */
  readonly timeNs: bigint;
  /** evt.num: events are counted from 1, those that no rule evaluates included */
  readonly eventNumber: bigint;
  readonly tid: bigint;
  readonly values: readonly AlertValue[];
}
