// How much JSON from outside is read: bounds that are checked before a document is parsed.
// Elsewhere: checking them (bounded_json.ts).

export interface JsonLimits {
  readonly bytes: number;
  /** values in it: each takes some fifty bytes when it is read */
  readonly values: number;
  readonly depth: number;
}

/** Of one answer about a whole host or cluster. */
export const ANSWER_LIMITS: JsonLimits = { bytes: 16 << 20, values: 1_000_000, depth: 64 };
