// The door of metadata/: what other packages may use of it. What it is for: README.md.

export { type AccountFile, type AccountFiles, ContainerUsers, type ReadRequest } from "./container_users.ts";
export { type IdMap, type IdMaps, parseIdMap } from "./id_map.ts";
export { UserFiles, type UserList } from "./users.ts";
