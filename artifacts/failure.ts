// Why an artifact cannot be had, in words for a line of the log or of a terminal.
// In: what went wrong, and what to do. Out: an error whose message is the whole sentence.
// Elsewhere: what becomes of it (cli/commands/artifact.ts, service/artifacts/).

import { sanitizeLine } from "../base/mod.ts";

/** What strangers say is shown in at most so many characters. */
const MAX_CHARACTERS = 300;

export class ArtifactError extends Error {
  override readonly name = "ArtifactError";
  /** of HTTP, when an answer was the reason; 0 otherwise */
  readonly status: number;

  constructor(message: string, about: { readonly hint?: string; readonly status?: number } = {}) {
    super(about.hint === undefined ? message : `${message}; ${about.hint}`);
    this.status = about.status ?? 0;
  }
}

/** The same error with what it is about before it. */
export function about(subject: string, error: unknown): ArtifactError {
  const status = error instanceof ArtifactError ? error.status : 0;
  const message = error instanceof Error ? error.message : String(error);
  return new ArtifactError(`${subject}: ${message}`, { status });
}

/** A stranger's text in quotes, fit for one line. */
export function quoted(text: string): string {
  return `"${sanitizeLine(text, MAX_CHARACTERS)}"`;
}
