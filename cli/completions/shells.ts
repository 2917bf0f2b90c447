// The shells that falco's commands, flags and values can be completed in.
// Elsewhere: their scripts (bash.ts, zsh.ts, fish.ts).

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = typeof SHELLS[number];
