// Paths into settings that are lists or mappings: `append_output[].match.source`, `rules[0].disable.rule`.
// In: the text in front of the equals sign, and a value. Out: the setting's key, and a copy of its value in which the
// path leads to the new one. A backslash before `. [ ] \` takes it as it is; `[]` appends.

const APPEND = "append";

export interface SettingPath {
  readonly key: string;
  readonly steps: readonly ({ readonly name: string } | { readonly index: number } | typeof APPEND)[];
}

export function parsePath(text: string): SettingPath | undefined {
  const names: string[] = [];
  const steps: SettingPath["steps"][number][] = [];
  let at = 0;
  while (at < text.length || names.length === 0) {
    if (text[at] === "[") {
      const match = /^\[([0-9]{0,6})\]/.exec(text.slice(at));
      if (match === null) return undefined;
      steps.push(match[1] === "" ? APPEND : { index: Number(match[1]) });
      at += match[0].length;
    } else {
      let name = "";
      for (; at < text.length && text[at] !== "." && text[at] !== "["; at++) {
        if (text[at] === "\\" && at + 1 < text.length) at++;
        name += text[at];
      }
      if (name === "") return undefined;
      names.push(name);
      if (names.length > 1) steps.push({ name });
    }
    if (text[at] === ".") {
      at++;
      if (at >= text.length) return undefined;
    }
  }
  return { key: names[0]!, steps };
}

/** Lists longer than this are a mistake. */
const MAX_INDEX = 10_000;

export function withValueAt(before: unknown, steps: SettingPath["steps"], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === "object" && "name" in step) {
    const map = typeof before === "object" && before !== null && !Array.isArray(before) ? before : {};
    const inner = Object.hasOwn(map, step.name) ? (map as Record<string, unknown>)[step.name] : undefined;
    return Object.fromEntries([
      ...Object.entries(map).filter(([key]) => key !== step.name),
      [step.name, withValueAt(inner, rest, value)],
    ]);
  }
  const list: unknown[] = Array.isArray(before) ? [...before] : [];
  const index = step === APPEND ? list.length : Math.min(step.index, MAX_INDEX);
  list[index] = withValueAt(list[index], rest, value);
  return [...list].map((item) => item ?? null);
}
