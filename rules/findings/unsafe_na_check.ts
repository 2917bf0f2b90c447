// <NA> is compared as if it were a value.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unsafe-na-check",
  falco: "LOAD_UNSAFE_NA_CHECK",
  severity: "warning",
  title: "<NA> is compared as if it were a value",
  why:
    "A missing value is not the text <NA>: every check on it is false. `exists` tells whether there is one.",
});
