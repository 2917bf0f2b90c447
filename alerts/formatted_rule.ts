// What the forms of an alert are made of besides its values.

import type { OutputTemplate } from "../rules/mod.ts";
import type { Priority } from "../base/mod.ts";

/** What is printed of a rule. */
export interface FormattedRule {
  readonly name: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly output: OutputTemplate;
}

/** What decides the form of texts and JSON. */
export interface AlertStyle {
  readonly includeOutput: boolean;
  readonly includeMessage: boolean;
  readonly includeOutputFields: boolean;
  readonly includeTags: boolean;
  readonly isoTime: boolean;
  readonly base64: boolean;
  readonly hostname: string;
}
