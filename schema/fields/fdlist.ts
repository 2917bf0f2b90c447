// Fields of the list of fds that poll and ppoll wait for; the values are joined by commas.

import { parseFields } from "./parse.ts";

export const FDLIST_FIELDS = parseFields(
  "fdlist",
  `
fdlist.nums | str c3 on=poll | Numbers of the fds. | 3,4
fdlist.names | str c3 on=poll | Names of the fds.
fdlist.cips | str c3 on=poll | Addresses of the clients.
fdlist.sips | str c3 on=poll | Addresses of the servers.
fdlist.cports | str c3 on=poll | Ports of the clients.
fdlist.sports | str c3 on=poll | Ports of the servers.
`,
);
