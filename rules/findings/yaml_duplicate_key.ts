// A key appears twice in one mapping.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "yaml-duplicate-key",
  falco: "LOAD_UNKNOWN_KEY",
  beyondFalco: true,
  severity: "warning",
  title: "a key appears twice in one mapping",
  why:
    "Of a key that is there twice in a mapping only the first counts, here and in Falco. The other one is lost.",
  example: `- list: shells
  items: [bash]
  items: [zsh]
`,
});
