// Whether what falco writes goes to systemd's journal: as a service's standard output and error do, and as /dev/log does.
// In: JOURNAL_STREAM, which systemd sets for what it has connected to the journal, the descriptors themselves, /dev/log.
// Out: yes or no; the mark that tells the journal how severe a line is (sd-daemon(3)). The journal has a time of its own,
// and shows a line that reaches it in two ways twice.

import { givenEnvironment } from "../../assets/mod.ts";

export type Stream = "stdout" | "stderr";

const FDS: Readonly<Record<Stream, number>> = { stdout: 1, stderr: 2 };
const JOURNAL_FOLDER = "/run/systemd/journal/";

/** The variable names device and inode of the socket: a descriptor that was redirected since is another. */
export function isJournal(stream: Stream, given = givenEnvironment().JOURNAL_STREAM): boolean {
  if (given === undefined) return false;
  try {
    const { dev, ino } = Deno.statSync(`/proc/self/fd/${FDS[stream]}`);
    return given === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

/** Messages to this host's syslog are in the journal, too, which passes all on to a syslog daemon. */
export function isSyslogJournal(path = "/dev/log"): boolean {
  try {
    return Deno.realPathSync(path).startsWith(JOURNAL_FOLDER);
  } catch {
    return false;
  }
}

/** @param severity as in syslog: 0 is an emergency, 7 is for debugging */
export function journalLine(severity: number, line: string): string {
  return `<${severity}>${line}`;
}
