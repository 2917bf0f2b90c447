// Templates of the chart, parsed: the part of Go's template language that the chart uses.
// In: a template's text. Out: nodes, and the templates that it defines. What is not known here is an error, so that the
// chart cannot come to use it untested.
// Elsewhere: evaluating (template_evaluator.ts), functions (template_functions.ts).

export type Operand =
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "dot"; readonly fields: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: "call"; readonly name: string }
  | { readonly kind: "pipeline"; readonly pipeline: Pipeline };

/** The first word of a command takes the others as arguments. */
export type Command = readonly Operand[];

export interface Pipeline {
  readonly declares: readonly string[];
  readonly isAssignment: boolean;
  readonly commands: readonly Command[];
}

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly pipeline: Pipeline }
  | {
    readonly kind: "if" | "with" | "range";
    readonly pipeline: Pipeline;
    readonly body: readonly Node[];
    readonly otherwise: readonly Node[];
  };

export interface ParsedTemplate {
  readonly nodes: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

type Chunk = { readonly text: string } | { readonly action: string };

const ACTION = /\{\{(-\s)?\s*((?:\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|`[^`]*`|[^}"`])*?)\s*(\s-)?\}\}/g;
const TOKEN =
  /\s*(?:(?<text>"(?:\\.|[^"\\])*"|`[^`]*`)|(?<number>-?\d[\w.]*)|(?<variable>\$\w*(?:\.\w+)*)|(?<dot>(?:\.\w+)+|\.)|(?<word>\w+)|(?<sign>[()|,]|:=|=))/y;

export function parseTemplate(source: string): ParsedTemplate {
  const defined = new Map<string, readonly Node[]>();
  const chunks = cut(source);
  let at = 0;

  /** Until an action that begins with one of the words; it is left in `closing`. */
  function block(ends: readonly string[]): { nodes: Node[]; closing: string } {
    const nodes: Node[] = [];
    while (at < chunks.length) {
      const chunk = chunks[at++]!;
      if ("text" in chunk) {
        if (chunk.text !== "") nodes.push({ kind: "text", text: chunk.text });
        continue;
      }
      const { action } = chunk;
      if (action === "" || action.startsWith("/*")) continue;
      const [word = ""] = action.split(/\s/, 1);
      if (ends.includes(word)) return { nodes, closing: action };
      if (word === "define") {
        const name = JSON.parse(action.slice(word.length).trim());
        defined.set(name, block(["end"]).nodes);
      } else if (word === "if" || word === "with" || word === "range") {
        nodes.push(branch(word, action.slice(word.length)));
      } else {
        nodes.push({ kind: "print", pipeline: parsePipeline(action) });
      }
    }
    if (ends.length > 0) throw new Error(`no ${ends.join(" or ")} of a block`);
    return { nodes, closing: "" };
  }

  function branch(kind: "if" | "with" | "range", condition: string): Node {
    const pipeline = parsePipeline(condition);
    const { nodes: body, closing } = block(["else", "end"]);
    if (closing === "end") return { kind, pipeline, body, otherwise: [] };
    const rest = closing.slice("else".length).trim();
    const otherwise = rest === "" ? block(["end"]).nodes : [branch("if", rest.replace(/^if\b/, ""))];
    return { kind, pipeline, body, otherwise };
  }

  return { nodes: block([]).nodes, defined };
}

/** Text and actions in turn; a minus besides the braces takes the blanks on that side away. */
function cut(source: string): Chunk[] {
  const chunks: Chunk[] = [];
  let at = 0, trims = false;
  const text = (end: number, trimsEnd: boolean) => {
    let part = source.slice(at, end);
    if (trims) part = part.trimStart();
    if (trimsEnd) part = part.trimEnd();
    chunks.push({ text: part });
  };
  for (const match of source.matchAll(ACTION)) {
    text(match.index, match[1] !== undefined);
    chunks.push({ action: match[2]! });
    at = match.index + match[0].length;
    trims = match[3] !== undefined;
  }
  text(source.length, false);
  return chunks;
}

function parsePipeline(source: string): Pipeline {
  const tokens = tokenize(source);
  let at = 0;

  function pipeline(): Pipeline {
    const declares: string[] = [];
    const sign = tokens.findIndex(({ kind, text }, i) => i >= at && kind === "sign" && /=|[()|]/.test(text));
    const isDeclaring = sign >= 0 && tokens[sign]!.text.endsWith("=");
    const isAssignment = isDeclaring && tokens[sign]!.text === "=";
    if (isDeclaring) {
      for (; at < sign; at++) if (tokens[at]!.kind === "variable") declares.push(tokens[at]!.text);
      at = sign + 1;
    }
    const commands = [command()];
    while (tokens[at]?.text === "|" && tokens[at]!.kind === "sign") {
      at++;
      commands.push(command());
    }
    return { declares, isAssignment, commands };
  }

  function command(): Command {
    const words: Operand[] = [];
    while (at < tokens.length && !(tokens[at]!.kind === "sign" && /[|)]/.test(tokens[at]!.text))) {
      words.push(operand());
    }
    if (words.length === 0) throw new Error(`an empty command: ${source}`);
    return words;
  }

  function operand(): Operand {
    const { kind, text } = tokens[at++]!;
    if (kind === "text") {
      return { kind: "literal", value: text[0] === "`" ? text.slice(1, -1) : JSON.parse(text) };
    }
    if (kind === "number") return { kind: "literal", value: Number(text) };
    if (kind === "dot") return { kind: "dot", fields: text.split(".").filter((name) => name !== "") };
    if (kind === "variable") {
      const [name = "", ...fields] = text.split(".");
      return { kind: "variable", name, fields };
    }
    if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
    if (text === "nil") return { kind: "literal", value: null };
    if (kind === "word") return { kind: "call", name: text };
    if (text !== "(") throw new Error(`${text} is not known here: ${source}`);
    const inner = pipeline();
    if (tokens[at++]?.text !== ")") throw new Error(`no closing parenthesis: ${source}`);
    return { kind: "pipeline", pipeline: inner };
  }

  const whole = pipeline();
  if (at !== tokens.length) throw new Error(`${tokens[at]!.text} is not known here: ${source}`);
  return whole;
}

function tokenize(source: string): { kind: string; text: string }[] {
  const tokens: { kind: string; text: string }[] = [];
  const trimmed = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(trimmed)?.groups;
    const [kind, text] = Object.entries(groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (kind === undefined || text === undefined) throw new Error(`cannot be read: ${trimmed.slice(from)}`);
    tokens.push({ kind, text });
  }
  return tokens;
}
