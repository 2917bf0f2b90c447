// Fields of the list of fds that poll and ppoll wait for; the values are joined by commas.

import { parseFields } from "./parse.ts";

export const FDLIST_FIELDS = /* @__PURE__ */ parseFields(
  "fdlist",
  `
fdlist.nums | str fn c3 on=poll | Numbers of the fds. | 3,4
fdlist.names | str fn c3 on=poll | Names of the fds.
fdlist.cips | str fn c3 on=poll | Addresses of the clients.
fdlist.sips | str fn c3 on=poll | Addresses of the servers.
fdlist.cports | str fn c3 on=poll | Ports of the clients.
fdlist.sports | str fn c3 on=poll | Ports of the servers.
`,
);
