// Who of several operators works: the one that holds a Lease.
// In: a place in the API. Out: a signal that ends when the lease is lost.
// Elsewhere: the work (run_operator.ts).

import { objectAt, objectOf, pause, textOf } from "../../base/mod.ts";
import { type ApiClient, ApiError } from "../../kube/mod.ts";
import { KINDS, listPath, objectPath } from "./kinds.ts";
import { metaOf } from "./objects.ts";

export interface LeaseOptions {
  readonly client: Pick<ApiClient, "get" | "send">;
  readonly namespace: string;
  readonly name: string;
  /** who asks: the pod */
  readonly identity: string;
  readonly durationMs?: number;
  readonly now?: () => number;
  readonly log: (text: string) => void;
}

const DURATION_MS = 15_000;
/** What became of an attempt; anything else is what the API server refused. */
const HELD = "held", OTHERS = "another's";
const CONFLICT = 409;
const NOT_FOUND = 404;

/** Resolves when the work has ended: because of `signal`, or because the lease is another's. */
export async function whileLeader(
  options: LeaseOptions,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { durationMs = DURATION_MS, now = Date.now, log, identity } = options;
  let told = "";
  while (!signal.aborted) {
    const answer = await attempt(options, signal, durationMs, now);
    if (answer === HELD) break;
    const why = answer === OTHERS ? "another operator leads" : `the lease cannot be had: ${answer}`;
    if (why !== told) log(`${why}; ${identity} waits`);
    told = why;
    await pause(durationMs / 3, signal);
  }
  if (signal.aborted) return;
  log(`${identity} leads`);
  const lost = new AbortController();
  const working = work(AbortSignal.any([signal, lost.signal])).finally(() => lost.abort());
  let heldAtMs = now();
  while (!lost.signal.aborted && !signal.aborted) {
    await pause(durationMs / 3, AbortSignal.any([signal, lost.signal]));
    if (signal.aborted || lost.signal.aborted) break;
    if (await attempt(options, signal, durationMs, now) === HELD) heldAtMs = now();
    // another may have it from now on
    else if (now() - heldAtMs > durationMs * 2 / 3) lost.abort();
  }
  await working;
}

async function attempt(
  { client, namespace, name, identity }: LeaseOptions,
  signal: AbortSignal,
  durationMs: number,
  now: () => number,
): Promise<string> {
  const time = new Date(now()).toISOString().replace("Z", "000Z");
  const spec = {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    renewTime: time,
  };
  const body = { apiVersion: KINDS.Lease.apiVersion, kind: "Lease" };
  try {
    const lease = objectOf(await client.get(objectPath(KINDS.Lease, namespace, name), {}, "whole", signal));
    const old = objectAt(lease, "spec");
    const holder = textOf(old["holderIdentity"]);
    const renewedMs = Date.parse(textOf(old["renewTime"]).replace(/(\.\d{3})\d+Z/, "$1Z"));
    const isFree = holder === "" || holder === identity ||
      !(now() - renewedMs < Number(old["leaseDurationSeconds"]) * 1000);
    if (!isFree) return OTHERS;
    const acquired = holder === identity ? {} : { acquireTime: time };
    const metadata = {
      name,
      namespace,
      resourceVersion: textOf(objectAt(lease, "metadata")["resourceVersion"]),
    };
    const next = { ...body, metadata, spec: { ...old, ...spec, ...acquired } };
    await client.send(objectPath(KINDS.Lease, namespace, metaOf(lease).name), {}, {
      method: "PUT",
      body: next,
    }, signal);
    return HELD;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status !== NOT_FOUND) return refusalOf(error);
  }
  try {
    const made = { ...body, metadata: { name, namespace }, spec: { ...spec, acquireTime: time } };
    await client.send(listPath(KINDS.Lease, namespace), {}, { method: "POST", body: made }, signal);
    return HELD;
  } catch (error) {
    if (error instanceof ApiError) return refusalOf(error);
    throw error;
  }
}

/** Somebody else who was faster is no refusal. */
function refusalOf(error: ApiError): string {
  return error.status === CONFLICT ? OTHERS : error.message;
}
