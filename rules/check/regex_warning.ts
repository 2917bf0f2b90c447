// Tells when a regular expression says nothing that a cheaper operator cannot say.
// In: the expression. Out: the check to write instead, or nothing. Elsewhere: the expression itself (regex/).

const SPECIAL = /[.+*?^$()[\]{}|\\]/;

/** The whole value has to match, so anchors say nothing; `.*` at an end frees that end. */
export function regexWarning(pattern: string): string | undefined {
  const body = pattern.replace(/^\^/, "").replace(/\$$/, "");
  const freeStart = /^\.\*/.test(body);
  const rest = freeStart ? body.slice(2) : body;
  const freeEnd = rest.length > 0 && /\.\*$/.test(rest);
  const text = freeEnd ? rest.slice(0, -2) : rest;
  if (text === "" || SPECIAL.test(text)) return undefined;
  const operator = freeStart && freeEnd ? "contains" : freeStart ? "endswith" : freeEnd ? "startswith" : "=";
  const shown = /^[^()"'\s=,]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
  return `write \`${operator} ${shown}\``;
}
