// This host's syslog: datagrams to /dev/log in the form that the C library's syslog() has.
// In: facility, severity, text. Out: a datagram; an error when nobody takes it.
// Elsewhere: remote receivers and RFC 5424 (syslog_message.ts, outputs/sinks/syslog.ts), the socket (ffi/unix_datagram.ts).

import { closeDatagram, connectUnixDatagram, sendDatagram } from "../../ffi/mod.ts";

const LOCAL_SOCKET = "/dev/log";
const EMSGSIZE = 90;

export class LocalSyslog {
  readonly #path: string;
  readonly #encoder = new TextEncoder();
  #fd: number | undefined;

  constructor(path: string = LOCAL_SOCKET) {
    this.#path = path;
  }

  /** @throws CallError, also EAGAIN when the receiver does not keep up */
  send(message: string): void {
    const bytes = this.#encoder.encode(message);
    const isNew = this.#fd === undefined;
    try {
      this.#sendOnce(bytes);
    } catch (error) {
      const code = error instanceof Error && "errno" in error ? error.errno : 0;
      // a syslog daemon that was restarted has a new socket
      if (isNew || code === 11 || code === EMSGSIZE) throw error;
      this.#sendOnce(bytes);
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeDatagram(this.#fd);
    this.#fd = undefined;
  }

  #sendOnce(bytes: Uint8Array<ArrayBuffer>): void {
    const fd = this.#fd ??= connectUnixDatagram(this.#path);
    try {
      sendDatagram(fd, bytes);
    } catch (error) {
      this.close();
      throw error;
    }
  }
}
