// What a case of a signature without a key says, and what several of them use.
// In: nothing. Out: one Sigstore that all cases have, and parts of what is wrong. Elsewhere: the cases (cases.ts).

import { Buffer } from "node:buffer";
import type { SignerText } from "../../../artifacts/mod.ts";
import { FakeSigstore, type SignOptions } from "./fake_sigstore.ts";

export interface KeylessCase {
  readonly name: string;
  /** besides the usual identity and issuer */
  readonly signer?: Partial<SignerText>;
  /** changes of trusted_root.json */
  readonly root?: Readonly<Record<string, unknown>>;
  readonly sign?: Partial<SignOptions>;
  /** both forms, unless it says otherwise */
  readonly forms?: readonly ("old" | "new")[];
  /** why; undefined: accepted */
  readonly refused?: RegExp;
}

export const SIGSTORE = new FakeSigstore();
export const NOW_MS = SIGSTORE.nowMs;
export const ANOTHER = Buffer.from("another");
export const STAMPS = [{ by: SIGSTORE.stamps }];
export const NO_ENTRY = () => undefined;

/** As a trusted root names one. */
export const authorityOf = (
  all: readonly Buffer[],
  validFor: unknown = { start: "2020-01-01T00:00:00Z", end: null },
) => ({
  certChain: { certificates: all.map((der) => ({ rawBytes: der.toString("base64") })) },
  validFor,
});
