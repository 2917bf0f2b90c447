// Stage 2 of the import: Sigma's condition, such as `selection and not 1 of filter_*`, becomes a tree.
// In: the text and the names of the selections. Out: a tree, in which names stand for what `lookUp` gives of them.
//
//   or = and { "or" and }     and = not { "and" not }     not = { "not" } ( "(" or ")" | quantified | name )
//   quantified = ( number | "all" | "any" ) "of" ( "them" | pattern )

import { all, any, CannotConvert, type Tree } from "./tree.ts";

const TOKEN = /\s*([()|]|[^\s()|]+)/y;
const MAX_DEPTH = 100;
const MAX_COMBINATIONS = 200;

export function parseCondition(
  text: string,
  names: readonly string[],
  lookUp: (name: string) => Tree,
): Tree {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) tokens.push(match[1]!);
  let at = 0;
  const next = () => tokens[at]?.toLowerCase();

  const or = (depth: number): Tree => {
    const parts = [and(depth)];
    while (next() === "or") at++, parts.push(and(depth));
    return any(parts);
  };
  const and = (depth: number): Tree => {
    const parts = [not(depth)];
    while (next() === "and") at++, parts.push(not(depth));
    return all(parts);
  };
  const not = (depth: number): Tree => {
    if (depth > MAX_DEPTH) throw new CannotConvert("its condition is nested too deep");
    if (next() === "not") {
      at++;
      return { kind: "not", part: not(depth + 1) };
    }
    const token = tokens[at++];
    if (token === undefined) throw new CannotConvert("its condition ends too soon");
    if (token === "(") {
      const inner = or(depth + 1);
      if (tokens[at++] !== ")") throw new CannotConvert("a `)` is missing in its condition");
      return inner;
    }
    if (next() === "of" && /^(\d+|all|any)$/i.test(token)) {
      at++;
      return quantified(token.toLowerCase(), tokens[at++] ?? "");
    }
    if (!names.includes(token)) {
      throw new CannotConvert(`its condition names \`${token}\`, which is not there`);
    }
    return lookUp(token);
  };
  const quantified = (count: string, pattern: string): Tree => {
    const meant = pattern.toLowerCase() === "them"
      ? names.filter((name) => !name.startsWith("_"))
      : names.filter((name) => fits(pattern, name));
    if (meant.length === 0) throw new CannotConvert(`its condition names \`${pattern}\`, which nothing fits`);
    const parts = meant.map(lookUp);
    if (count === "all") return all(parts);
    const needed = count === "any" ? 1 : Number(count);
    return needed <= 1 ? any(parts) : any(combinations(parts, needed).map(all));
  };

  const tree = or(0);
  if (at < tokens.length) {
    const rest = tokens[at]!;
    throw new CannotConvert(
      rest === "|" ? "its condition counts events (`|`)" : `its condition cannot be read at \`${rest}\``,
    );
  }
  return tree;
}

function fits(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

function combinations(parts: readonly Tree[], size: number): Tree[][] {
  if (size > parts.length) throw new CannotConvert("its condition asks for more selections than there are");
  let made: Tree[][] = [[]];
  for (const [at, part] of parts.entries()) {
    const left = parts.length - at - 1;
    made = made.flatMap((chosen) =>
      chosen.length === size ? [chosen] : [
        [...chosen, part],
        ...(chosen.length + left >= size ? [chosen] : []),
      ]
    );
    if (made.length > MAX_COMBINATIONS) throw new CannotConvert("its condition has too many combinations");
  }
  return made.filter((chosen) => chosen.length === size);
}
