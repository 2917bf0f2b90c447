// The SQLite file of the spool: its tables and the statements on them, nothing more.
// In: rows. Out: rows. Everything throws what SQLite says.
// Elsewhere: bounds, when to commit, what to do about errors (spool.ts).

import { Buffer } from "node:buffer";
import { DatabaseSync, type StatementSync } from "node:sqlite";

export interface SpoolRow {
  /** grows with each message of a sink */
  readonly id: number;
  /** of the alert (spool_facts.ts) */
  readonly facts: string;
  readonly body: string;
}

/** One writer: a second falco on the same folder is told so, instead of delivering everything twice. */
const SCHEMA = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA journal_size_limit = 4194304;
  CREATE TABLE IF NOT EXISTS message (
    sink TEXT NOT NULL, id INTEGER NOT NULL, time_ms INTEGER NOT NULL, bytes INTEGER NOT NULL,
    facts TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (sink, id)
  ) WITHOUT ROWID;
  -- the last message of a sink that was handed to it: up to here they may have arrived
  CREATE TABLE IF NOT EXISTS claim (sink TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
`;

export class SpoolFile {
  readonly #db: DatabaseSync;
  readonly #statements: Record<keyof typeof STATEMENTS, StatementSync>;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 0 });
    try {
      this.#db.exec(SCHEMA);
      const [verdict] = this.#db.prepare("PRAGMA quick_check(1)").all();
      if (verdict?.["quick_check"] !== "ok") throw new Error(`malformed: ${verdict?.["quick_check"]}`);
      this.#statements = Object.fromEntries(
        Object.entries(STATEMENTS).map(([name, sql]) => [name, this.#db.prepare(sql)]),
      ) as Record<keyof typeof STATEMENTS, StatementSync>;
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** All of it is in the file afterwards, or nothing. */
  transaction(action: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      action();
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  /** How many bytes it counts for. */
  insert(sink: string, { id, facts, body }: SpoolRow, timeMs: number): number {
    const bytes = Buffer.byteLength(facts) + Buffer.byteLength(body);
    this.#statements.insert.run(sink, id, timeMs, bytes, facts, body);
    return bytes;
  }

  select(sink: string, afterId: number, limit: number): SpoolRow[] {
    return this.#statements.select.all(sink, afterId, limit).map((row) => ({
      id: Number(row["id"]),
      facts: String(row["facts"]),
      body: String(row["body"]),
    }));
  }

  /** How many bytes are free by that. */
  delete(sink: string, id: number): number {
    return Number(this.#statements.delete.get(sink, id)?.["bytes"] ?? 0);
  }

  /** Deletes the messages of a sink that are older. */
  expire(sink: string, beforeMs: number): { readonly ids: number[]; readonly bytes: number } {
    const gone = this.#statements.expire.all(sink, beforeMs);
    return {
      ids: gone.map((row) => Number(row["id"])),
      bytes: gone.reduce((sum, row) => sum + Number(row["bytes"]), 0),
    };
  }

  claim(sink: string, id: number): void {
    this.#statements.claim.run(sink, id);
  }

  claimed(sink: string): number {
    return Number(this.#statements.claimed.get(sink)?.["id"] ?? 0);
  }

  lastId(sink: string): number {
    return Number(this.#statements.lastId.get(sink)?.["id"] ?? 0);
  }

  count(sink: string): number {
    return Number(this.#statements.count.get(sink)?.["messages"] ?? 0);
  }

  sinks(): string[] {
    return this.#statements.sinks.all().map((row) => String(row["sink"]));
  }

  /** When the newest message came; undefined when there is none. */
  newestMs(): number | undefined {
    const newest = this.#statements.newest.get()?.["time_ms"];
    return newest === null || newest === undefined ? undefined : Number(newest);
  }

  bytes(): number {
    return Number(this.#statements.bytes.get()?.["bytes"] ?? 0);
  }

  close(): void {
    this.#db.close();
  }
}

const STATEMENTS = {
  insert: "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)",
  select: "SELECT id, facts, body FROM message WHERE sink = ? AND id > ? ORDER BY id LIMIT ?",
  delete: "DELETE FROM message WHERE sink = ? AND id = ? RETURNING bytes",
  expire: "DELETE FROM message WHERE sink = ? AND time_ms < ? RETURNING id, bytes",
  claim: "INSERT INTO claim VALUES (?, ?) ON CONFLICT (sink) DO UPDATE SET id = excluded.id",
  claimed: "SELECT id FROM claim WHERE sink = ?",
  lastId: "SELECT max(id) AS id FROM message WHERE sink = ?",
  count: "SELECT count(*) AS messages FROM message WHERE sink = ?",
  sinks: "SELECT DISTINCT sink FROM message",
  newest: "SELECT max(time_ms) AS time_ms FROM message",
  bytes: "SELECT sum(bytes) AS bytes FROM message",
};
