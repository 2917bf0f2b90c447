// What is known of a kind of finding. Each is a file of this folder, named by its code.
// In: nothing. Out: the type, and a function that checks a definition.
// Elsewhere: all of them (registry.ts), the words of one occurrence (where it is found), the checks of lints (rules/lint/).

import type { FalcoCode } from "./falco_codes.ts";

export type Severity = "error" | "warning" | "info";

export interface Finding {
  /** our id: lower case words joined by hyphens */
  readonly code: string;
  /** as Falco calls it; where Falco has nothing of the kind, the nearest of its codes */
  readonly falco: FalcoCode;
  /** Falco has nothing of the kind */
  readonly beyondFalco?: true;
  readonly severity: Severity;
  /** given only when it is asked for */
  readonly quiet?: true;
  /** what is wrong, in a few words */
  readonly title: string;
  /** why it is reported, in whole sentences */
  readonly why: string;
  /** the least rules file that gives it; none where it takes more than a file to show it */
  readonly example?: string;
}

export function defineFinding<const T extends Finding>(finding: T): T {
  return finding;
}
