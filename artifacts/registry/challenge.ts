// What a registry wants to see: the header WWW-Authenticate.
// In: its text. Out: the first challenge of a kind that can be met. Elsewhere: meeting it (tokens.ts).

export interface Challenge {
  readonly kind: "basic" | "bearer";
  readonly realm: string;
  readonly service: string;
  readonly scope: string;
}

const MAX_CHARACTERS = 4096;
const PART = /([A-Za-z]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z]+)(?=[ \t]|$)/g;

export function parseChallenge(header: string): Challenge | undefined {
  const found: { kind: string; values: Map<string, string> }[] = [];
  for (const [, key, inQuotes, bare, scheme] of header.slice(0, MAX_CHARACTERS).matchAll(PART)) {
    if (scheme !== undefined) found.push({ kind: scheme.toLowerCase(), values: new Map() });
    else if (key !== undefined) {
      const value = inQuotes?.replace(/\\(.)/g, "$1") ?? bare ?? "";
      found.at(-1)?.values.set(key.toLowerCase(), value);
    }
  }
  for (const { kind, values } of found) {
    if (kind !== "basic" && kind !== "bearer") continue;
    const value = (key: string) => values.get(key) ?? "";
    return { kind, realm: value("realm"), service: value("service"), scope: value("scope") };
  }
  return undefined;
}
