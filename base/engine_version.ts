// The version of Falco's rule language that this program has.
// Elsewhere: what rules files require (rules/items/requirements.ts), the program's own version (version.ts).

export type Version = readonly [major: number, minor: number, patch: number];

/** The rule language that Falco 0.45 has. */
export const ENGINE_VERSION: Version = [0, 63, 0];
