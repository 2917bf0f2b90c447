// Fields of the user's own: `static_fields` of the configuration, texts that rules name as `static.NAME`.
// In: names and texts. Out: fields of the catalogue. Elsewhere: finding them by name (catalogue.ts), their value (lower/).

import type { FieldDef } from "../../schema/mod.ts";

export type StaticFields = Readonly<Record<string, string>>;

function staticFieldName(name: string): string {
  return `static.${name}`;
}

export function staticFields(fields: StaticFields): ReadonlyMap<string, FieldDef> {
  return new Map(
    Object.entries(fields).map(([name, constant]) => {
      const field: FieldDef = {
        name: staticFieldName(name),
        class: "evt",
        type: "string",
        bits: 0,
        list: false,
        arg: "none",
        sources: ["*"],
        summary: "A text of the configuration.",
        cost: 1,
        eventTypes: "all",
        constant,
      };
      return [field.name, field];
    }),
  );
}
