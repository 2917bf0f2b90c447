// The files of captures, one for each match that lets one begin.
// In: pieces from the engine, in order. Out: PREFIX_TIME_EVENT.scap, both numbers with 20 digits, as Falco names them.
// A capture that cannot be written is a line in the log: monitoring goes on.
// Elsewhere: when a capture begins and ends (engine/capture.ts).

import type { Settings } from "../config/settings.ts";
import type { CaptureOptions, RecordedPiece } from "../engine/messages.ts";
import type { CompiledRule } from "../rules/compile.ts";
import { makeFdTypesPortable } from "../scap/portable_fd_types.ts";
import { INTERNAL_ALERTS } from "./internal_alert_kinds.ts";
import type { RaiseInternalAlert } from "./internal_alerts.ts";
import type { Log } from "./log.ts";
import { RecordingFile } from "./recording_file.ts";

const DIGITS = 20;

/** Which rules begin a capture; undefined when captures are not asked for. */
export function captureOptions(
  rules: readonly CompiledRule[],
  settings: Settings,
): CaptureOptions | undefined {
  if (!settings["capture.enabled"]) return undefined;
  const all = settings["capture.mode"] === "all_rules";
  return {
    rules: rules.map(({ capture, captureDurationMs }) => ({
      starts: all || capture,
      durationMs: captureDurationMs > 0 ? captureDurationMs : settings["capture.default_duration"],
    })),
    beforeMs: settings["capture.before_duration"],
  };
}

export class CaptureFiles {
  #prefix = "";
  #maxBytes = Infinity;
  readonly #log: Log;
  readonly #raise: RaiseInternalAlert;
  #file: RecordingFile | undefined;

  constructor(settings: Settings, log: Log, raise: RaiseInternalAlert = () => {}) {
    this.#log = log;
    this.#raise = raise;
    this.configure(settings);
  }

  configure(settings: Settings): void {
    this.#prefix = settings["capture.path_prefix"];
    const megabytes = settings["capture.max_file_size_mb"];
    this.#maxBytes = megabytes === 0 ? Infinity : megabytes << 20;
  }

  async take(piece: RecordedPiece): Promise<void> {
    try {
      if (piece.trigger !== undefined) {
        await this.close();
        this.#file = new RecordingFile(this.#nameOf(piece.trigger), { mayExist: false });
      }
      if (this.#file === undefined) return;
      if (piece.kind === "state") makeFdTypesPortable(piece.bytes);
      await this.#file.write(piece.bytes);
      const bytes = this.#file.bytes;
      if (bytes >= this.#maxBytes) {
        this.#raise(INTERNAL_ALERTS.captureSizeLimit(this.#maxBytes / (1 << 20), bytes));
      }
      if (piece.full || bytes >= this.#maxBytes) await this.close();
    } catch (error) {
      // it has failed already: what closing says about it is no news
      await this.#file?.close().catch(() => {});
      this.#file = undefined;
      this.#log("error", error instanceof Error ? error.message : String(error));
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    await file.close();
    this.#log("info", `capture written: ${file.path}, ${(file.bytes / 1e6).toFixed(2)} MB`);
  }

  #nameOf({ timeNs, eventNumber }: { timeNs: bigint; eventNumber: bigint }): string {
    const padded = [timeNs, eventNumber].map((number) => String(number).padStart(DIGITS, "0"));
    return `${this.#prefix}_${padded.join("_")}.scap`;
  }
}
