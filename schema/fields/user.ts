// Fields of the user as which the process runs, and of the user who logged in.

import { parseFields } from "./parse.ts";

export const USER_FIELDS = /* @__PURE__ */ parseFields(
  "user",
  `
user.uid | u32 fn | Id of the user. | 1000
user.name | str fn c2 | Name of the user, looked up in the user table of the host or of the container. | www-data
user.homedir | str fn c2 | Home directory of the user. | /home/alice
user.shell | str fn c2 | Login shell of the user. | /bin/bash
user.loginuid | i64 fn | Id of the user who logged in, which sudo and su do not change; -1 when nobody did. | 1000
user.loginname | str fn c2 | Name of the user who logged in. | alice
`,
);
