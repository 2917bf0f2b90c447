// Fields that are about nothing in particular.

import { parseFields } from "./parse.ts";

export const UTIL_FIELDS = /* @__PURE__ */ parseFields(
  "util",
  `
util.cnt | u64 fn hidden on=all | A counter that grows by one each time it is looked at. | 12
`,
);
