// What falco tells systemd, when that has started it and wants to know (sd_notify(3)): that it watches, that it is alive,
// that it stops.
// In: NOTIFY_SOCKET of the environment. Out: datagrams; nothing without that variable.
// Elsewhere: when it is alive (service/health/watchdog.ts), the unit (packaging/systemd).

import { closeDatagram, connectUnixDatagram, sendDatagram } from "../../ffi/mod.ts";

export type SystemdState = "READY=1" | "WATCHDOG=1" | "STOPPING=1";

export class Systemd {
  readonly #path: string | undefined;
  readonly #encoder = new TextEncoder();

  /** @param path absolute, or @ and an abstract name */
  constructor(path: string | undefined = Deno.env.get("NOTIFY_SOCKET")) {
    this.#path = path === undefined || !/^[/@]./.test(path) ? undefined : path;
    // it is meant for this process, not for the programs that it starts
    if (path !== undefined) Deno.env.delete("NOTIFY_SOCKET");
  }

  tell(state: SystemdState): void {
    if (this.#path === undefined) return;
    try {
      const fd = connectUnixDatagram(this.#path);
      try {
        sendDatagram(fd, this.#encoder.encode(state));
      } finally {
        closeDatagram(fd);
      }
    } catch {
      // it does not keep up, or is being started again: the next sign of life reaches it
    }
  }
}
