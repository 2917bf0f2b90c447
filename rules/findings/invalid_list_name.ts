// A condition cannot name this list.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-list-name",
  falco: "LOAD_INVALID_LIST_NAME",
  severity: "warning",
  title: "a condition cannot name this list",
  why: "The name would be cut into chunks in a condition: nothing can use this list.",
  example: `- list: my shells
  items: [bash]
`,
});
