// Fields of the paths that a call on the file system names, whatever its parameters are called.

import { parseFields } from "./parse.ts";

export const FS_PATH_FIELDS = /* @__PURE__ */ parseFields(
  "fs.path",
  `
fs.path.name | str fn c3 on=path | Path that the call works on, absolute. | /etc/shadow
fs.path.nameraw | str fn c2 on=path | Path that the call works on, as the program passed it. | ../etc/shadow
fs.path.source | str fn c3 on=path | First path of calls with two (rename, link, symlink, mount …), absolute. | /etc/shadow
fs.path.sourceraw | str fn c2 on=path | First path of calls with two, as the program passed it.
fs.path.target | str fn c3 on=path | Second path of calls with two, absolute. | /tmp/x
fs.path.targetraw | str fn c2 on=path | Second path of calls with two, as the program passed it. | x
`,
);
