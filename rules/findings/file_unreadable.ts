// The file cannot be read.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "file-unreadable",
  falco: "LOAD_ERR_FILE_READ",
  severity: "error",
  title: "the file cannot be read",
  why:
    "The file does not exist, may not be read, is larger than 16 MiB, or is not UTF-8 text; or it is no file but a FIFO, a socket, a device, a file that the kernel makes up, a link that leads to nothing or in a circle. Only a pipe that the command line names (`-`, `/dev/stdin`, `<(command)`, a FIFO of the user's own) is read. A directory among the files of a folder is only warned about, and of a folder at most 1000 files are read.",
});
