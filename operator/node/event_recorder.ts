// Events for `kubectl describe` of an artifact, with the reasons of Falco's operator.
// In: what happened to an object. Out: an Event. One that cannot be written is lost: nothing depends on it.
// Elsewhere: what is so now (conditions).

import { hostname } from "node:os";
import { messageOf } from "../../base/mod.ts";
import { type Kind, KINDS } from "../api/kinds.ts";
import type { Log } from "../api/log.ts";
import { metaOf, type Objects } from "../api/objects.ts";
import type { Medium } from "./artifact_files.ts";

/** As the API server's validation has it. */
const MAX_NOTE_CHARACTERS = 1000;
const SOURCES: Readonly<Record<Medium, string>> = {
  oci: "OCI",
  inline: "Inline",
  configmap: "ConfigMap",
};
const WORDS = { Stored: "is stored", Updated: "is updated", Removed: "is removed" } as const;

export type FileChange = keyof typeof WORDS;

export class EventRecorder {
  readonly #objects: Objects;
  readonly #nodeName: string;
  readonly #log: Log;
  #isTold = false;
  #serial = 0;

  constructor(objects: Objects, nodeName: string, log: Log) {
    this.#objects = objects;
    this.#nodeName = nodeName;
    this.#log = log;
  }

  async stored(kind: Kind, object: unknown, medium: Medium, change: FileChange): Promise<void> {
    const source = SOURCES[medium];
    await this.#record(
      kind,
      object,
      "Normal",
      `${source}Artifact${change}`,
      `its ${source} source ${WORDS[change]}`,
    );
  }

  async failed(kind: Kind, object: unknown, reason: string, message: string): Promise<void> {
    await this.#record(kind, object, "Warning", reason, message);
  }

  async #record(kind: Kind, object: unknown, type: string, reason: string, text: string): Promise<void> {
    const { name, namespace, uid } = metaOf(object);
    const note = `${text} (${this.#nodeName})`;
    const time = new Date().toISOString().replace("Z", "000Z");
    // names differ between nodes, and after a start of falco
    const serial = `${Date.now().toString(16)}${(this.#serial++ % 4096).toString(16).padStart(3, "0")}`;
    try {
      await this.#objects.create({
        apiVersion: KINDS.Event.apiVersion,
        kind: "Event",
        metadata: { name: `${name.slice(0, 200)}.${serial}`, namespace },
        eventTime: time,
        reportingController: `${kind.kind.toLowerCase()}-controller/${this.#nodeName}`.slice(0, 128),
        reportingInstance: hostname().slice(0, 128),
        action: reason,
        reason,
        type,
        regarding: { apiVersion: kind.apiVersion, kind: kind.kind, name, namespace, uid },
        note: note.length > MAX_NOTE_CHARACTERS ? `${note.slice(0, MAX_NOTE_CHARACTERS)} …` : note,
      });
      this.#isTold = false;
    } catch (error) {
      if (!this.#isTold) this.#log(`events cannot be written: ${messageOf(error)}`, "warning");
      this.#isTold = true;
    }
  }
}
