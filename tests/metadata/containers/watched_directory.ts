// A directory of containers with everything that it has said, for tests.

import { ContainerDirectory } from "../../../metadata/containers/directory.ts";
import type { EngineDescription } from "../../../metadata/containers/engine_description.ts";
import type { ContainerFacts } from "../../../metadata/containers/container_facts.ts";
import { CONTAINER_TYPE } from "../../../schema/wire.ts";
import type { MetContainer } from "../../../metadata/containers/met_container.ts";
import { readContainerSettings } from "../../../metadata/containers/settings.ts";

export class WatchedDirectory {
  readonly directory: ContainerDirectory;
  readonly records: { readonly name: string; readonly facts: ContainerFacts; readonly json: string }[] = [];
  readonly log: string[] = [];

  constructor(
    engines: readonly EngineDescription[],
    graceMs?: number,
    onSilence?: (problem: string | undefined) => void,
  ) {
    this.directory = new ContainerDirectory({
      settings: readContainerSettings({}).settings,
      engines: () => engines,
      ...graceMs === undefined ? {} : { graceMs },
      ...onSilence === undefined ? {} : { onSilence },
      onRecord: (name, json) => this.records.push({ name, facts: JSON.parse(json).container, json }),
      log: (level, message) => this.log.push(`${level} ${message}`),
    });
  }

  /** What is known of a container: the last that was said of it. */
  facts(id: string): ContainerFacts | undefined {
    return this.records.findLast(({ facts }) => facts.full_id === id || facts.id === id)?.facts;
  }

  /** As when an event names a container. */
  lookup(
    id: string,
    type: number = CONTAINER_TYPE.unknown,
    met: Partial<MetContainer> = {},
  ): Promise<boolean> {
    return this.directory.lookup({ id, type, sliceUid: 0, namespaceUid: 0, parent: "/", ...met });
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  [Symbol.dispose](): void {
    this.directory.close();
  }
}
