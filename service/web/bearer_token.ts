// The token that a request must show, from a file.
// In: the path, a request's Authorization header. Out: whether it is the right one. The file is read again when it has
// changed, so that a token can be exchanged while falco runs.

import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { lookAt, readRegularFile } from "../../files/mod.ts";

const MAX_TOKEN_BYTES = 64 << 10;

export class BearerToken {
  readonly #path: string;
  readonly #setting: string;
  #stamp = "";
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
      if (lookAt(this.#path)?.stamp !== this.#stamp) this.#read();
    } catch {
      // it is being replaced: the token as it was counts
    }
  }

  #read(): void {
    const { stamp, token } = this.#load();
    if (token === "" || /\s/.test(token)) {
      throw new Error(`the file ${this.#path} must hold a token and nothing else`);
    }
    this.#digest = digest(token);
    this.#stamp = stamp;
  }

  #load(): { readonly stamp: string; readonly token: string } {
    const read = readRegularFile(this.#path, MAX_TOKEN_BYTES);
    if ("bytes" in read) return { stamp: read.stamp, token: new TextDecoder().decode(read.bytes).trim() };
    throw new Error(`cannot read ${this.#setting} ${this.#path}: ${read.problem.reason}`);
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
