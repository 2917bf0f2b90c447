// What this program is, and what it is compatible with.

export const VERSION = "0.1.0";

/** Falco, whose rules, settings, flags and alerts this program takes and gives. */
export const COMPATIBLE_FALCO = "0.45.0";
