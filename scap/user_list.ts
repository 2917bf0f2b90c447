// The user list of a `.scap` file (version 2): users and groups of the host.
// Elsewhere: where they come from (metadata/users.ts), reading the block (the matcher).

import { TEXT_LIMIT } from "./blocks.ts";
import { BLOCK } from "../schema/mod.ts";
import type { BlockWriter } from "./block_writer.ts";

export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

export interface Group {
  readonly gid: number;
  readonly name: string;
}

const KIND_USER = 0;
const KIND_GROUP = 1;

export function writeUserList(writer: BlockWriter, users: readonly User[], groups: readonly Group[]): void {
  writer.beginBlock(BLOCK.USER_LIST_V2);
  for (const user of users) {
    const at = writer.beginEntry();
    writer.u8(KIND_USER);
    writer.u32(user.uid);
    writer.u32(user.gid);
    writer.string(user.name, TEXT_LIMIT.NAME);
    for (const text of [user.home, user.shell]) writer.string(text, TEXT_LIMIT.PATH);
    writer.endEntry(at);
  }
  for (const group of groups) {
    const at = writer.beginEntry();
    writer.u8(KIND_GROUP);
    writer.u32(group.gid);
    writer.string(group.name, TEXT_LIMIT.NAME);
    writer.endEntry(at);
  }
  writer.endBlock();
}
