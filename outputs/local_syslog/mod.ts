// The door of outputs/local_syslog/: what other packages may use of it. What it is for: README.md.

export { isJournal, isSyslogJournal, journalLine } from "./journal.ts";
export { LocalSyslog } from "./local_syslog.ts";
export { localMessage } from "./syslog_message.ts";
