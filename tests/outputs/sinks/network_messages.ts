// Messages as a queue hands them to a sink, for the tests of sinks.

import { ok, rejects } from "node:assert/strict";
import { type Sink, SinkError, type SinkMessage } from "../../../outputs/sink.ts";
import type { AlertFacts } from "../../../alerts/alert_facts.ts";

export const TIME_NS = 1_750_000_000_123_456_789n;

export function message(
  number: number,
  body = `body ${number}`,
  more: Partial<AlertFacts> = {},
): SinkMessage {
  const alert: AlertFacts = {
    sequence: BigInt(number),
    timeNs: TIME_NS + BigInt(number),
    rule: "Shell in a container",
    priority: "Warning",
    source: "syscall",
    tags: ["container", "shell"],
    hostname: "host-1",
    message: `alert ${number}`,
    fields: [["proc.name", '"sh"'], ["proc.pid", "42"], ["evt.time", "1750000000123456789"], [
      "fd.name",
      "null",
    ]],
    ...more,
  };
  return { alert, body, redelivered: false };
}

export function messages(from: number, to: number): SinkMessage[] {
  return Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
}

/** Only what hangs takes so long. */
export const HANG_MS = 60_000;
/** For servers that do not answer: the others do within it, also on a machine with much to do. */
export const FREEZE_MS = 3000;

/** Values of keys as they are without any of them in the configuration. */
export const NO_LOGIN = { user: "", password: "" } as const;
export const NO_TLS = { ca_cert: "", client_cert: "", client_key: "" } as const;
export const HTTP_DEFAULTS = {
  ...NO_LOGIN,
  ...NO_TLS,
  token: "",
  headers: {},
  timeout: HANG_MS,
  batch_max: 100,
} as const;

export function deliver(sink: Sink, batch: readonly SinkMessage[], signal?: AbortSignal): Promise<void> {
  return sink.deliver(batch, signal ?? new AbortController().signal);
}

/** The error that a delivery ends with. */
export async function failure(delivery: Promise<void>): Promise<SinkError> {
  let caught: unknown;
  await rejects(delivery, (error: unknown) => {
    caught = error;
    return true;
  });
  ok(caught instanceof SinkError, String(caught));
  return caught;
}

/** What happened to which message of a failed batch. */
export function outcome({ details }: SinkError) {
  const bodies = (list: readonly SinkMessage[] = []) => list.map(({ body }) => body);
  const { retryable, cause, delivered, refused } = details;
  return { retryable, cause, delivered: bodies(delivered), refused: bodies(refused) };
}
