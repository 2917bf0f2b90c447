// The rules need a plugin that is not there.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "plugin-version",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "the rules need a plugin that is not there",
  why: "The file was written for a plugin that is not there, or for another version of it.",
  example: `- required_plugin_versions:
    - name: cloudtrail
      version: 0.1.0
`,
});
