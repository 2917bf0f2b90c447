// The file is not valid YAML.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "yaml-syntax",
  falco: "LOAD_ERR_YAML_PARSE",
  severity: "error",
  title: "the file is not valid YAML",
  why: "Rules files are YAML. Nothing that is after a mistake in the YAML can be understood reliably.",
  example: `- list: shells
  items: [bash, zsh
- list: editors
  items: [vi]
`,
});
