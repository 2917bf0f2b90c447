// The item is of no known kind.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unknown-item",
  falco: "LOAD_UNKNOWN_ITEM",
  severity: "warning",
  title: "the item is of no known kind",
  why:
    "An item is told by one of the keys `rule`, `macro`, `list`, `required_engine_version` and `required_plugin_versions`. Others are ignored, as in Falco.",
  example: `- rul: Example
  desc: an example
`,
});
