// How the operator and its part on nodes say what happens: words, and whether somebody has to look.

export type Log = (text: string, level?: "info" | "warning") => void;
