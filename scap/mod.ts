// The door of scap/: what other packages may use of it. What it is for: README.md.

export { BlockWriter } from "./block_writer.ts";
export { asyncEvent, STATE_ONLY, textParam, u32Param, writeEvent } from "./event_block.ts";
export { type FdEntry, type FdTarget, writeFdList } from "./fd_list.ts";
export { type Interface, writeInterfaceList } from "./interface_list.ts";
export { makeFdTypesPortable } from "./portable_fd_types.ts";
export { type ProcessEntry, writeProcessList } from "./process_list.ts";
export { PlainTrace, type ReadProgress, readTrace, TraceError } from "./reader.ts";
export { type MachineInfo, writeMachineInfo, writeSectionHeader } from "./section.ts";
export { writeUserList } from "./user_list.ts";
