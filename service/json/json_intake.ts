// Brings the events of one body into the queue of their source, while the body still arrives.
// In: what is read of it. Out: events in the queue, counts, complaints. Anyone who calls is held up while there is no room.
// Elsewhere: requests and answers (json_webhook.ts), reading (sources/json/batch_reader.ts).

import type { EventStream, SourceEvent } from "../../sources/json/mod.ts";
import type { JsonComplaints } from "./json_complaints.ts";
import type { JsonSource } from "./json_source.ts";
import { TimeSlices } from "./time_slices.ts";

const BATCH_BYTES = 1 << 20;
/** All bodies together get so much of each turn of the event loop. */
const slices = new TimeSlices(5);

export class JsonIntake {
  readonly #source: JsonSource;
  readonly #complaints: JsonComplaints;
  readonly #hold: (bytes: number) => void;
  #events: SourceEvent[] = [];
  #bytes = 0;
  #heldBytes = 0;
  accepted = 0;
  setAside = 0;
  /** of the first that was set aside */
  reason: string | undefined;
  #isList = false;

  /** @param hold how many more bytes are in memory now */
  constructor(source: JsonSource, complaints: JsonComplaints, hold: (bytes: number) => void) {
    this.#source = source;
    this.#complaints = complaints;
    this.#hold = hold;
  }

  /** Sending it again would bring nothing new: it was a list, or an event. */
  get isDealtWith(): boolean {
    return this.#isList || this.accepted > 0;
  }

  async take(batches: ReturnType<EventStream["take"]>, stream: EventStream): Promise<void> {
    let endMs = await slices.next();
    for (const batch of batches) {
      this.#source.note(batch);
      this.setAside += batch.malformed + batch.tooLong;
      if (batch.reason !== undefined) {
        this.reason ??= batch.reason;
        this.#complaints.setAside(batch.reason);
      }
      this.#isList ||= batch.isOfList;
      for (const event of batch.events) this.#events.push(event);
      this.#bytes += batch.bytes;
      if (this.#bytes >= BATCH_BYTES) await this.#push(stream);
      if (performance.now() >= endMs) endMs = await slices.next();
    }
    await this.#push(stream);
  }

  letGo(): void {
    this.#hold(-this.#heldBytes);
    this.#heldBytes = 0;
  }

  async #push(stream: EventStream): Promise<void> {
    const events = this.#events, bytes = this.#bytes;
    this.#events = [];
    this.#bytes = 0;
    this.#setHeld(stream.heldBytes + bytes);
    await this.#source.push({ events, bytes });
    this.accepted += events.length;
    this.#setHeld(stream.heldBytes);
  }

  #setHeld(bytes: number): void {
    this.#hold(bytes - this.#heldBytes);
    this.#heldBytes = bytes;
  }
}
