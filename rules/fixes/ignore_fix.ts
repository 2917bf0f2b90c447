// A comment that switches a warning off where it is: `# falco: ignore no-event-type` above the item.
// In: a diagnostic, where its item begins. Out: a fix; none for what cannot be switched off.
// Elsewhere: what such comments mean (rules/report/suppressions.ts).

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type Fix, insertFix } from "../diagnostics/fix.ts";

/** @param item offset of the item's first key */
export function ignoreFix({ code, severity, span }: Diagnostic, item: number): Fix | undefined {
  if (severity === "error" || span === undefined || code === "invalid-ignore") return undefined;
  const { source } = span;
  const start = source.text.lastIndexOf("\n", item - 1) + 1;
  const indent = /^ */.exec(source.text.slice(start))![0];
  const title = `Switch \`${code}\` off for this item`;
  return insertFix(title, { source, start, end: start }, `${indent}# falco: ignore ${code} -- \n`, false);
}
