// Conditions in the status of an object, as Kubernetes has them.
// In: what is so now, the conditions before. Out: conditions whose time is that of the last change.

import { listOf, objectAt, objectOf, textOf } from "../../base/mod.ts";

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

export type Finding = Pick<Condition, "type" | "status" | "reason" | "message">;

/** As the API server's validation has it. */
const MAX_MESSAGE_CHARACTERS = 32_768;

/** @param object as the server has it now */
export function conditionsOf(object: unknown, generation: number, findings: readonly Finding[]): Condition[] {
  const before = new Map(
    listOf(objectAt(object, "status")["conditions"]).map(objectOf).map((one) => [textOf(one["type"]), one]),
  );
  return findings.map(({ type, status, reason, message }) => {
    const old = before.get(type);
    const isSame = old?.["status"] === status;
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    return {
      type,
      status,
      reason,
      message: message.slice(0, MAX_MESSAGE_CHARACTERS),
      observedGeneration: generation,
      lastTransitionTime: isSame ? textOf(old?.["lastTransitionTime"]) || now : now,
    };
  });
}
