// The rules need another engine version.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "engine-version",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "the rules need another engine version",
  why: "The file was written for an engine with features that this one does not have.",
  example: `- required_engine_version: 0.99.0
`,
});
