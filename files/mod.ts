// The door of files/: what other packages may use of it. What it is for: README.md.

export { wrongKind } from "./file_problem.ts";
export { listFolder, listFolderSlowly } from "./folder_list.ts";
export { FolderWatch, type WatchedPath } from "./folder_watch.ts";
export { openRegularFile } from "./open_file.ts";
export { lookAt, readRegularFile, readRegularText } from "./regular_file.ts";
export { inTime, lookSlowly, readSlowFile, readSlowText } from "./slow_file.ts";
