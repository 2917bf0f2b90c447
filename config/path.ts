// Paths into the configuration, as -o has them: `append_output[].match.source`, `rules[0].disable.rule`.
// In: the text in front of the equals sign. Out: its steps, or why it is no path.
// A backslash before `. [ ] \` takes it as it is; `[]` appends. Elsewhere: following a path (config/tree.ts).

export type Step =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "append" }
  /** every entry of a list; nobody writes it: a name below a list means it (config/override.ts) */
  | { readonly kind: "each" };

export type Path = { readonly steps: readonly Step[] } | { readonly problem: string };

export function parsePath(text: string): Path {
  const steps: Step[] = [];
  let at = 0;
  while (at < text.length || steps.length === 0) {
    if (text[at] === "[" && steps.length > 0) {
      const match = /^\[([0-9]{0,6})\]/.exec(text.slice(at));
      if (match === null) return { problem: `after ${text.slice(0, at)} belongs [number], or [] to append` };
      steps.push(match[1] === "" ? { kind: "append" } : { kind: "index", index: Number(match[1]) });
      at += match[0].length;
      if (at < text.length && text[at] !== "." && text[at] !== "[") {
        return { problem: `after ${text.slice(0, at)} belongs a dot` };
      }
    } else {
      let name = "";
      for (; at < text.length && text[at] !== "." && text[at] !== "["; at++) {
        if (text[at] === "\\") {
          at++;
          if (!/^[.[\]\\]$/.test(text[at] ?? "")) {
            return { problem: "a backslash must stand before a dot, a bracket or a backslash" };
          }
        }
        name += text[at];
      }
      if (name === "") return { problem: "a name is missing" };
      steps.push({ kind: "name", name });
    }
    if (text[at] === ".") {
      at++;
      if (at >= text.length) return { problem: "a name is missing after the last dot" };
    }
  }
  return { steps };
}
