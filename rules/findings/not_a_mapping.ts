// An item is not a mapping.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "not-a-mapping",
  falco: "LOAD_ERR_YAML_VALIDATE",
  severity: "error",
  title: "an item is not a mapping",
  why: "An item consists of keys with values, such as `rule: …` and `condition: …`.",
  example: `- shell_in_container
`,
});
