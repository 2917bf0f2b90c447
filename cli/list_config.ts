// `falco list config`: every setting with its meaning and default, in the form of a falco.yaml to start from.
// In: names or patterns. Out: YAML with comments, or JSON. Elsewhere: the table of settings (config/settings.ts).

import { type Definition, SETTINGS } from "../config/settings.ts";
import type { ListRequest } from "./list.ts";
import { selectNamed } from "./name_pattern.ts";
import { wrap } from "./page.ts";
import { jsonText } from "./json_text.ts";

interface Setting {
  /** with dots between the levels */
  readonly name: string;
  readonly definition: Definition;
}

/** A file is read where it lies, not where it was printed. */
const COMMENT_WIDTH = 100;

export function listConfig({ patterns, json }: ListRequest): string {
  const all = Object.entries(SETTINGS).map(([name, definition]): Setting => ({ name, definition }));
  const { chosen } = selectNamed(all, patterns, "setting");
  if (json) {
    return jsonText(chosen.map(({ name, definition: { help, ...rest } }) => ({ name, ...rest, help })));
  }
  return blocksOf(chosen.map(({ name, definition }) => [name.split("."), definition]), "").join("\n\n");
}

/** Settings with a common first word go under it, wherever they stand in the table. */
function blocksOf(
  settings: readonly (readonly [path: readonly string[], Definition])[],
  pad: string,
): string[] {
  return [...Map.groupBy(settings, ([[first]]) => first!)].map(([key, group]) => {
    const [[path, definition]] = group as [readonly [readonly string[], Definition]];
    if (path.length > 1) {
      const inner = group.map(([[, ...rest], of]): [string[], Definition] => [rest, of]);
      return `${pad}${key}:\n${blocksOf(inner, `${pad}  `).join("\n\n")}`;
    }
    const comment = wrap(commentOf(definition), COMMENT_WIDTH).map((line) => `${pad}# ${line}`);
    return [...comment, `${pad}${key}: ${valueText(definition.default)}`].join("\n");
  });
}

function commentOf(definition: Definition): string {
  const sentence = definition.help.charAt(0).toUpperCase() + definition.help.slice(1);
  if ("choices" in definition) return `${sentence}. One of ${definition.choices.join(", ")}.`;
  if ("min" in definition) return `${sentence}. From ${definition.min} to ${definition.max}.`;
  return `${sentence}.`;
}

/** JSON is YAML; plain words need no quotes. */
function valueText(value: unknown): string {
  return typeof value === "string" && /^[a-z][a-z0-9_/-]*$/i.test(value) ? value : JSON.stringify(value);
}
