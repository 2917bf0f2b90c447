// A version cannot be read.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-version",
  falco: "LOAD_ERR_YAML_VALIDATE",
  severity: "error",
  title: "a version cannot be read",
  why: "A required version is a number or three numbers with dots.",
  example: `- required_engine_version: newest
`,
});
