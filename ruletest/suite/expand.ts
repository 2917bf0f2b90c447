// Cases as they are written become cases as they are run: templates are put in, and a matrix makes a case of each row.
// In: the node of a case. Out: nodes without `template`, `with` and `matrix`, in whose texts `${name}` has its value.
// A text that is nothing but `${name}` becomes the value itself, a list or a mapping, too; `$${name}` stays text. Values may be
// made of others, in any order.

import { didYouMean } from "../../base/mod.ts";
import {
  MappedText,
  short,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from "../../rules/mod.ts";
import { entriesOf, type NodeReader, valueOf } from "./nodes.ts";
import { type Row, Values } from "./values.ts";

export interface Expanded {
  readonly map: YamlMap;
  /** says which row of the matrix it is, where its name does not */
  readonly row: string;
}

const VARIABLE = /\$?\$\{([A-Za-z_][A-Za-z0-9_.]*)\}/g;
const WHOLE = /^\$\{([A-Za-z_][A-Za-z0-9_.]*)\}$/;
const PROBLEMS = {
  unknown: (name: string) => `nothing gives ${name} a value`,
  "needs itself": (name: string) => `the value of ${name} needs itself`,
  "too large": () => "the values of this case are too large together",
};
const MAX_ROWS = 10_000;
const NO_ROW: Row = new Map();

export class Expander {
  constructor(readonly reader: NodeReader, readonly templates: ReadonlyMap<string, YamlMap>) {}

  expand(node: YamlMap): Expanded[] {
    const own = this.#withTemplate(node);
    const matrix = valueOf(node, "matrix");
    const rows = matrix === undefined ? [NO_ROW] : this.#rows(matrix);
    const maps = rows.map((row) => this.#filled(own, this.#values(new Map([...this.#with(node), ...row]))));
    const areNamed = new Set(maps.map(nameOf)).size === rows.length;
    return rows.map((row, at) => ({
      map: maps[at]!,
      row: row.size === 0 || areNamed
        ? ""
        : ` [${[...row].map(([key, value]) => `${key}=${wordOf(value)}`).join(", ")}]`,
    }));
  }

  /** What the case says comes before what its template says. */
  #withTemplate(node: YamlMap, depth = 0): YamlMap {
    const name = valueOf(node, "template");
    if (name === undefined) return node;
    const text = this.reader.text(name, "`template`");
    const template = text === undefined ? undefined : this.templates.get(text);
    if (template === undefined || depth > 20) {
      if (text !== undefined) {
        this.reader.fail(
          "invalid-test",
          name,
          depth > 20
            ? `the template \`${short(text)}\` uses itself`
            : `there is no template \`${short(text)}\``,
          {
            hint: depth > 20
              ? undefined
              : didYouMean(text, this.templates.keys()) ?? "define it in `templates`",
          },
        );
      }
      return node;
    }
    const { entries } = this.#withTemplate(template, depth + 1);
    return { ...node, entries: new Map([...entries, ...node.entries]) };
  }

  #values(given: Row): Values {
    return new Values(given, (node, values) => this.#node(node, values));
  }

  #with(node: YamlMap): Row {
    const given = valueOf(node, "with");
    const map = given === undefined ? undefined : this.reader.map(given, "`with`");
    return new Map(map === undefined ? [] : entriesOf(map).map(({ key, value }) => [key.value, value]));
  }

  /** A mapping of lists: every combination. A list of mappings: each as it is. */
  #rows(matrix: YamlNode): Row[] {
    const rows = this.#rowsOf(matrix);
    if (rows?.length === 0) {
      this.reader.fail("invalid-test", matrix, "the matrix has no row, so that the case never runs", {
        hint: "give each name a value at least, or leave `matrix` out; `skip` says why a case is not run",
      });
    }
    return rows ?? [];
  }

  /** Undefined after a report. */
  #rowsOf(matrix: YamlNode): Row[] | undefined {
    if (matrix.kind === "sequence") {
      return matrix.items.flatMap((item) => {
        const map = this.reader.map(item, "a row of `matrix`");
        return map === undefined ? [] : [new Map(entriesOf(map).map(({ key, value }) => [key.value, value]))];
      });
    }
    const map = this.reader.map(matrix, "`matrix`");
    if (map === undefined) return undefined;
    let rows: Map<string, YamlNode>[] = [new Map()];
    for (const { key, value } of entriesOf(map)) {
      const values = this.reader.list(value);
      if (rows.length * values.length > MAX_ROWS) {
        this.reader.fail("invalid-test", key, `the matrix has more than ${MAX_ROWS} rows`);
        return undefined;
      }
      rows = rows.flatMap((row) => values.map((one) => new Map([...row, [key.value, one]])));
    }
    return rows;
  }

  #filled(map: YamlMap, values: Values): YamlMap {
    const kept = [...map.entries].filter(([key]) => !["template", "with", "matrix"].includes(key));
    return { ...map, entries: new Map(kept.map(([key, entry]) => [key, this.#entry(entry, values)])) };
  }

  #entry({ key, value }: YamlEntry, values: Values): YamlEntry {
    return { key: this.#scalarText(key, values), value: this.#node(value, values) };
  }

  #node(node: YamlNode, values: Values): YamlNode {
    switch (node.kind) {
      case "null":
        return node;
      case "sequence":
        return { ...node, items: node.items.map((item) => this.#node(item, values)) };
      case "map":
        return {
          ...node,
          entries: new Map([...node.entries.values()].map((entry) => {
            const filled = this.#entry(entry, values);
            return [filled.key.value, filled];
          })),
        };
      case "scalar": {
        const whole = WHOLE.exec(node.value)?.[1];
        return whole === undefined
          ? this.#scalarText(node, values)
          : this.#valueOf(whole, node, values) ?? node;
      }
    }
  }

  #scalarText(node: YamlScalar, values: Values): YamlScalar {
    if (!node.value.includes("${")) return node;
    const value = node.value.replace(VARIABLE, (written, name: string) => {
      if (written.startsWith("$$")) return written.slice(1);
      const found = this.#valueOf(name, node, values);
      if (found === undefined || found.kind === "null") return found === undefined ? written : "";
      if (found.kind === "scalar") return found.value;
      this.reader.fail("invalid-test", node, `\`${written}\` is no text that could be part of another`);
      return written;
    });
    return { ...node, value, text: MappedText.synthetic(value, node.span) };
  }

  #valueOf(name: string, node: YamlScalar, values: Values): YamlNode | undefined {
    const found = values.get(name);
    if (typeof found === "object") return found;
    const written = `\`\${${name}}\``;
    const hint = found === "unknown"
      ? didYouMean(name, values.names) ?? "give it a value in `matrix` or `with`, or write `$${…}` for a text"
      : undefined;
    this.reader.fail("invalid-test", node, `${PROBLEMS[found](written)}`, { hint });
    return undefined;
  }
}

function nameOf(map: YamlMap): string {
  const name = valueOf(map, "name");
  return name?.kind === "scalar" ? name.value : "";
}

function wordOf(node: YamlNode): string {
  return node.kind === "scalar" ? short(node.value, 40) : "…";
}
