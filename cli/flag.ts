// What a flag is, and which commands there are to have some.
// Types, and the names of the commands of `falco artifact`. Elsewhere: the flags (flags.ts).

/** `falco` is the program without a command. */
export type CommandName =
  | "falco"
  | "replay"
  | "list"
  | "check"
  | "test"
  | "doctor"
  | "events"
  | "record"
  | "lsp"
  | "fmt"
  | "explain"
  | "profile"
  | "bench"
  | "import sigma"
  | "completion"
  | "operator"
  | ArtifactCommand;

type ArtifactCommand = `artifact ${typeof ARTIFACT_COMMANDS[number]}`;

export const ARTIFACT_COMMANDS = ["search", "info", "install", "follow", "list", "verify", "remove"] as const;

export interface Flag {
  /** its forms and what its value is called, as help shows them */
  readonly flags: string;
  readonly help: string;
  readonly of: readonly CommandName[];
  /** where it means something more special for a command */
  readonly helpFor?: Partial<Record<CommandName, string>>;
  /** each use adds to what is there */
  readonly repeatable?: true;
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  readonly mandatory?: true;
  /** works, and help does not name it */
  readonly hidden?: true;
}
