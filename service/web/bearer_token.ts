// The token that a request must show, from a file.
// In: the path, a request's Authorization header. Out: whether it is the right one. The file is read anew when it has
// changed, so that a token can be exchanged while falco runs.

import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

export class BearerToken {
  readonly #path: string;
  readonly #setting: string;
  #changedMs = -1;
  #digest: Buffer | undefined;

  /** @throws Error when the file cannot be read or holds no token */
  constructor(path: string, setting = "webserver.bearer_token_file") {
    this.#path = path;
    this.#setting = setting;
    this.#read();
  }

  /** Takes as long for a wrong token as for the right one. */
  admits(authorization: string | undefined): boolean {
    this.#refresh();
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
    return token !== undefined && this.#digest !== undefined && timingSafeEqual(digest(token), this.#digest);
  }

  #refresh(): void {
    try {
      if (statSync(this.#path).mtimeMs !== this.#changedMs) this.#read();
    } catch {
      // it is being replaced: the token as it was counts
    }
  }

  #read(): void {
    const { changedMs, token } = this.#load();
    if (token === "" || /\s/.test(token)) {
      throw new Error(`the file ${this.#path} must hold a token and nothing else`);
    }
    this.#digest = digest(token);
    this.#changedMs = changedMs;
  }

  #load(): { readonly changedMs: number; readonly token: string } {
    try {
      return { changedMs: statSync(this.#path).mtimeMs, token: readFileSync(this.#path, "utf8").trim() };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`cannot read ${this.#setting} ${this.#path}: ${reason}`, { cause: error });
    }
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
