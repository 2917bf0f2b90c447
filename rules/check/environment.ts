// What rules are read against: the fields that they may name and the sources of events that they may be about.
// In: fields and sources of the configuration. Out: a value that every stage is given; nothing of it is global.
// Elsewhere: the fields themselves (schema/fields.ts), finding one by its name (catalogue.ts).

import { FieldCatalogue } from "./catalogue.ts";
import { SOURCES } from "./field_sources.ts";
import { type StaticFields, staticFields } from "./static_fields.ts";

export interface Environment {
  readonly fields: FieldCatalogue;
  /** those that are always known come first */
  readonly sources: readonly string[];
}

export interface EnvironmentOptions {
  /** fields of the configuration: `static.NAME` */
  readonly staticFields?: StaticFields;
  /** sources of events besides those that are always known */
  readonly sources?: readonly string[];
}

export function environmentOf(options: EnvironmentOptions = {}): Environment {
  return {
    fields: new FieldCatalogue(staticFields(options.staticFields ?? {})),
    sources: [...SOURCES, ...options.sources ?? []],
  };
}
