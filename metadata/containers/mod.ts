// The door of metadata/containers/: what other packages may use of it. What it is for: README.md.

export { ContainerDirectory } from "./directory.ts";
export type { EngineStanding } from "./engine_silence.ts";
export { listEngines } from "./engine_list.ts";
export { type ContainerSettings, readContainerSettings } from "./settings.ts";
