// Whether a stream is the journal is a question of device and inode, not of the variable being there.

import { equal } from "node:assert/strict";
import { isJournal, isSyslogJournal } from "../../../outputs/local_syslog/journal.ts";

Deno.test("a stream is the journal when JOURNAL_STREAM names its device and inode", () => {
  const { dev, ino } = Deno.statSync("/proc/self/fd/2");
  equal(isJournal("stderr", `${dev}:${ino}`), true);
  equal(isJournal("stderr", `${dev}:${(ino ?? 0) + 1}`), false);
  equal(isJournal("stderr", undefined), false);
});

Deno.test("syslog is the journal when its socket is the journal's", () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${folder}/log`, "");
    equal(isSyslogJournal(`${folder}/log`), false);
    equal(isSyslogJournal(`${folder}/none`), false);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
