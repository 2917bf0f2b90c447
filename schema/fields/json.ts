// Fields of events whose payload is JSON, whatever their source. A value is looked up by its pointer (RFC 6901):
// numbers and booleans are given as text, objects and arrays as the JSON that was written.

import { parseFields } from "./parse.ts";

export const JSON_FIELDS = /* @__PURE__ */ parseFields(
  "json",
  `
json.value | str json anysource arg!name c3 on=all | Value at a pointer: json.value[/user/name]. | jane
json.obj | str json anysource c3 on=all | Whole payload of the event.
json.rawtime | str json anysource on=all | Time of the event in nanoseconds since 1970, as text.
jevt.value | str json anysource arg!name c3 on=all | The same as json.value: jevt.value[/stage]. | ResponseComplete
jevt.obj | str json anysource c3 on=all | The same as json.obj.
jevt.rawtime | str json anysource on=all | The same as json.rawtime.
`,
);
