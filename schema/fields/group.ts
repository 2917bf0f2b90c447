// Fields of the group as which the process runs.

import { parseFields } from "./parse.ts";

export const GROUP_FIELDS = /* @__PURE__ */ parseFields(
  "group",
  `
group.gid | u32 fn | Id of the group. | 1000
group.name | str fn c2 | Name of the group, looked up in the group table of the host or of the container. | docker
`,
);
