// The field never has a value yet.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "field-without-value",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "info",
  quiet: true,
  title: "the field never has a value yet",
  why: "The field is known and nothing fills it yet. It is given only with `--show field-without-value`.",
});
