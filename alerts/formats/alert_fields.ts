// output_fields as the formats read them: a format takes what has a place of its own in its schema, the rest it hands
// over under the names that it has here.
// In: an alert. Out: its values by key, and what nobody has asked for.
// Elsewhere: writing the values (alerts/value_json.ts).

import type { OutgoingAlert } from "../alert_facts.ts";
import { parseExactJson } from "../../base/mod.ts";

/** What stands for "no value" in texts. */
const NOT_AVAILABLE = "<NA>";

export class AlertFields {
  readonly #json: Map<string, string>;
  readonly #taken = new Set<string>();

  constructor(alert: Pick<OutgoingAlert, "fields">) {
    this.#json = new Map(alert.fields);
  }

  /** The first of the keys that has a text which will do. */
  text(...keys: string[]): string | undefined {
    return this.#take(keys, (value) => {
      const text = typeof value === "string" ? value : typeof value === "object" ? undefined : String(value);
      return text === "" || text === NOT_AVAILABLE ? undefined : text;
    });
  }

  /** The first of the keys that has a whole number, none of which is negative here: those mean "unknown". */
  count(...keys: string[]): number | undefined {
    return this.#take(keys, (value) => {
      const number = typeof value === "string" && /^[0-9]+$/.test(value) ? Number(value) : value;
      return Number.isSafeInteger(number) && (number as number) >= 0 ? number as number : undefined;
    });
  }

  bool(key: string): boolean | undefined {
    return this.#take([key], (value) => typeof value === "boolean" ? value : undefined);
  }

  /** Reads without taking. */
  peek(key: string): unknown {
    const json = this.#json.get(key);
    return json === undefined ? undefined : parseExactJson(json);
  }

  /** Its value is elsewhere in the message. */
  drop(...keys: string[]): void {
    for (const key of keys) this.#taken.add(key);
  }

  /** What was not taken, without what has no value. */
  rest(): Record<string, unknown> {
    const rest: Record<string, unknown> = Object.create(null);
    for (const key of this.#json.keys()) {
      if (this.#taken.has(key)) continue;
      const value = this.peek(key);
      if (value !== null) rest[key] = value;
    }
    return rest;
  }

  #take<T>(keys: readonly string[], read: (value: unknown) => T | undefined): T | undefined {
    for (const key of keys) {
      const value = this.peek(key);
      const found = value === undefined || value === null ? undefined : read(value);
      if (found === undefined) continue;
      this.#taken.add(key);
      return found;
    }
    return undefined;
  }
}
