// The man page falco.yaml(5): every setting with its meaning and default.
// In: the table of settings (config/keys/). Out: roff.
// Elsewhere: the same as a file to start from (cli/list/list_config.ts).

import { type Definition, type Definitions, expected, SECTIONS, writtenDefault } from "../../config/mod.ts";
import { VERSION } from "../../base/mod.ts";
import { entry, head, heading, page, paragraph } from "./roff.ts";

const ABOUT =
  "The file is YAML. Names with dots stand for levels: a.b is the key b below the key a. Each setting can be given as " +
  "-o key=value too. Without a file, or without a key, the defaults hold. A file with all of them is printed by: " +
  "falco list config";

export function settingsPage(date: string): string {
  return page([
    head({ title: "falco.yaml", section: 5, date, version: VERSION }),
    heading("NAME"),
    "falco.yaml \\- settings of falco",
    heading("DESCRIPTION"),
    paragraph(ABOUT),
    ...Object.entries<Definitions>(SECTIONS).flatMap(([title, keys]) => [
      heading(title.toUpperCase()),
      ...Object.entries(keys).map(([name, definition]) => entry(name, meaningOf(definition))),
    ]),
    heading("SEE ALSO"),
    paragraph("falco(1)"),
  ]);
}

function meaningOf(definition: Definition): string {
  const sentence = definition.help.charAt(0).toUpperCase() + definition.help.slice(1);
  const value = JSON.stringify(definition.absent ?? writtenDefault(definition));
  const idle = definition.idle === undefined ? "" : ` Changes nothing: ${definition.idle}.`;
  return `${sentence}. Expected: ${expected(definition)}. Default: ${value}.${idle}`;
}
