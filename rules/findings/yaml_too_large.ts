// The YAML is nested too deeply or expands to too much.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "yaml-too-large",
  falco: "LOAD_ERR_YAML_PARSE",
  severity: "error",
  title: "the YAML is nested too deeply or expands to too much",
  why: "Aliases within aliases and very deep nesting can exhaust the memory. Rules need neither.",
});
