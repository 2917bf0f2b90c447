// Calls whose cost is measured: each as short a way to the kernel as there is, one after the other.
// In: nothing. Out: functions that make them; what they answer is of no interest.
// Elsewhere: which are measured and how (hostbench/).

import { cString, libc } from "./libc.ts";

const AF_INET = 2;
const SOCK_DGRAM = 2;
/** struct sockaddr_in: 127.0.0.1, port 9 (discard): a datagram socket that connects sends nothing */
const DISCARD = new Uint8Array([2, 0, 0, 9, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);

export interface MeasuredCalls {
  readonly askParent: () => void;
  /** of a file that exists, for reading */
  readonly openAndClose: (path: string) => () => void;
  readonly read: (path: string) => () => void;
  readonly connectDatagram: () => void;
  /** starts a program without arguments and waits for its end */
  readonly run: (path: string) => () => void;
}

export function measuredCalls(): MeasuredCalls {
  const c = libc();
  return {
    askParent: () => c.getppid(),
    openAndClose: (path) => {
      const name = cString(path);
      return () => c.close(c.open(name, 0));
    },
    read: (path) => {
      const fd = c.open(cString(path), 0);
      const room = new Uint8Array(1);
      return () => c.read(fd, room, 1n);
    },
    connectDatagram: () => {
      const fd = c.socket(AF_INET, SOCK_DGRAM, 0);
      c.connect(fd, DISCARD, DISCARD.length);
      c.close(fd);
    },
    run: (path) => {
      const name = cString(path);
      const words = new BigUint64Array([Deno.UnsafePointer.value(Deno.UnsafePointer.of(name)), 0n]);
      const pid = new Int32Array(1);
      return () => {
        if (c.posix_spawn(pid, name, null, null, words, new BigUint64Array(1)) === 0) {
          c.waitpid(pid[0]!, null, 0);
        }
      };
    },
  };
}
