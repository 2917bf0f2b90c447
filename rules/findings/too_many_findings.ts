// There is more than can be shown.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "too-many-findings",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "there is more than can be shown",
  why: "After 5000 findings the rest is counted and not shown. The first ones usually explain the others.",
});
