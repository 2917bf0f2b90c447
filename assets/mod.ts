// The door of assets/: what other packages may use of it. What it is for: README.md.

export { assetBytes, assetFile, isOneFile, workerUrl } from "./assets.ts";
export { givenEnvironment } from "./environment.ts";
export { ownCommand } from "./own_command.ts";
