// Rules files and settings in one layout: two blanks for each level, one empty line between items, one blank after
// dashes, colons and commas, no blanks at the ends of lines. Comments, anchors, block scalars and the order of keys stay.
// In: a source. Out: its text in this layout, or why there is none: what is no YAML is left alone, and so is a file whose
// values would be others afterwards, which is looked at each time.
// Elsewhere: indentation (layout.ts), files (cli/commands/fmt.ts), editors (lsp/).

import { type Diagnostic, Report } from "../diagnostics/diagnostic.ts";
import { makeSource } from "../text/source.ts";
import type { Source } from "../text/span.ts";
import { Budget } from "../yaml/budget.ts";
import { YamlMistake } from "../yaml/mistake.ts";
import type { YamlNode } from "../yaml/nodes.ts";
import { readYaml } from "../yaml/read.ts";
import { layOut, type Line } from "./layout.ts";

export type Formatted = { readonly text: string } | { readonly findings: readonly Diagnostic[] };

export function format(source: Source): Formatted {
  const report = new Report();
  const { documents, damaged } = readYaml(source, report, new Budget());
  const before = report.sorted([source.path]);
  if (damaged || before.some(({ severity }) => severity === "error")) return { findings: before };
  try {
    const text = written(layOut(source.text));
    const after = readYaml(makeSource(source.path, text), new Report(), new Budget());
    const isSame = !after.damaged && shapeOf(after.documents) === shapeOf(documents);
    return { text: isSame ? text : source.text };
  } catch (error) {
    // what the reader takes and the scanner alone does not
    if (error instanceof YamlMistake) return { text: source.text };
    throw error;
  }
}

function written(lines: Line[]): string {
  placeComments(lines);
  separateItems(lines);
  let text = "";
  for (const line of lines) {
    // a value that ends with empty lines keeps all of them, others keep one
    text += "\n".repeat(line.fixed || text === "" ? line.blanks : Math.min(1, line.blanks));
    text += `${" ".repeat(line.indent)}${line.text}\n`;
  }
  return text;
}

/**
 * A comment is as deep as the line after it, unless it was deeper: then it belongs to what is before it, and stays in the column of
 * a line there that it was in.
 */
function placeComments(lines: readonly Line[]): void {
  const following: (Line | undefined)[] = [];
  let next: Line | undefined;
  for (let at = lines.length - 1; at >= 0; at--) {
    following[at] = next;
    if (lines[at]!.kind === "code") next = lines[at];
  }
  let before: Line | undefined;
  lines.forEach((line, at) => {
    const after = following[at];
    if (line.kind === "comment") {
      const belongsBefore = before !== undefined && line.oldIndent > (after?.oldIndent ?? 0);
      line.indent = belongsBefore
        ? columnBefore(lines, at) ?? Math.max(before!.inner, after?.indent ?? 0)
        : after?.indent ?? 0;
    } else if (!line.fixed) before = line;
  });
}

/** Where the nearest line is now that began in the column of this comment, unless one between them is less deep. */
function columnBefore(lines: readonly Line[], at: number): number | undefined {
  const { oldIndent } = lines[at]!;
  for (let i = at - 1; i >= 0; i--) {
    const line = lines[i]!;
    if (line.kind === "comment" || line.fixed || line.oldIndent > oldIndent) continue;
    return line.oldIndent === oldIndent ? line.indent : undefined;
  }
  return undefined;
}

/** An empty line before each item, with the comments that are right above it. */
function separateItems(lines: readonly Line[]): void {
  lines.forEach(({ isItem }, at) => {
    if (!isItem) return;
    let first = at;
    while (first > 0 && lines[first]!.blanks === 0 && isCommentAbove(lines[first - 1]!)) first--;
    const line = lines[first]!;
    const before = lines[first - 1];
    if (before !== undefined && line.blanks === 0 && before.text !== "---") line.blanks = 1;
  });
}

function isCommentAbove({ kind, indent }: Line): boolean {
  return kind === "comment" && indent === 0;
}

/** What the documents say, without places. Aliases are the node that they stand for; one can be there often. */
function shapeOf(documents: readonly YamlNode[]): string {
  const numbers = new Map<YamlNode, number>();
  const shape = (node: YamlNode): string => {
    const known = numbers.get(node);
    if (known !== undefined) return `*${known}`;
    numbers.set(node, numbers.size);
    switch (node.kind) {
      case "null":
        return "~";
      case "scalar":
        return JSON.stringify(node.value);
      case "sequence":
        return `[${node.items.map(shape).join()}]`;
      case "map":
        return `{${
          [...node.entries].map(([key, { value }]) => `${JSON.stringify(key)}:${shape(value)}`).join()
        }}`;
    }
  };
  return documents.map(shape).join("\n");
}
