// A test of rules cannot be run as it is written.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-test",
  falco: "LOAD_ERR_VALIDATE",
  beyondFalco: true,
  severity: "error",
  title: "a test of rules cannot be run as it is written",
  why:
    "An event, a process or an expectation of a *.test.yaml file says something that cannot be: docs/testing-rules.md.",
});
