// Where in braces and brackets the cursor is. Like cursor.ts it reads what is unfinished: quotes and brackets may be open.
// In: text from the first brace to the cursor, or to the end of an item. Out: the keys down to the end of it, what is there of a key or
// value, the keys of the outermost braces.

export interface FlowPlace {
  readonly path: readonly string[];
  readonly where: "key" | "value";
  readonly written: string;
  /** of the outermost braces */
  readonly keys: readonly string[];
}

interface Frame {
  readonly open: "{" | "[";
  /** where it begins */
  readonly at: number;
  /** where the entry begins that is being written */
  entry: number;
  key?: string | undefined;
  /** where its value begins */
  value?: number;
}

export function flowPlace(text: string): FlowPlace {
  const frames: Frame[] = [];
  const keys: string[] = [];
  let isStart = true;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const top = frames.at(-1);
    if (isStart && (char === '"' || char === "'")) {
      at = endOfQuotes(text, at);
      isStart = false;
    } else if (isStart && (char === "{" || char === "[")) {
      frames.push({ open: char, at, entry: at + 1 });
    } else if (char === "}" || char === "]") {
      frames.pop();
      if (frames.length === 0) return { path: [], where: "key", written: "", keys };
      isStart = false;
    } else if (char === "," && top !== undefined) {
      top.entry = at + 1;
      top.key = undefined;
      isStart = true;
    } else if (
      char === ":" && top?.open === "{" && top.key === undefined && /^(\s|$)/.test(text.slice(at + 1, at + 2))
    ) {
      top.key = text.slice(top.entry, at).trim().replace(/^(["'])(.*)\1$/, "$2");
      top.value = at + 1;
      if (frames.length === 1) keys.push(top.key);
      isStart = true;
    } else if (!/\s/.test(char)) isStart = false;
  }
  const path = frames.flatMap(({ key }) => key ?? []);
  const top = frames.at(-1);
  if (top === undefined) return { path, where: "key", written: text, keys };
  if (top.open === "[") return { path, where: "value", written: text.slice(top.at), keys };
  return top.key === undefined
    ? { path, where: "key", written: text.slice(top.entry).trimStart(), keys }
    : { path, where: "value", written: text.slice(top.value).trimStart(), keys };
}

/** Of the last character in them, or of the text. */
function endOfQuotes(text: string, start: number): number {
  const quote = text[start]!;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\" && quote === '"') at++;
    else if (text[at] === quote && quote === "'" && text[at + 1] === quote) at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
