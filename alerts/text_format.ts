// An alert as one line of text: `14:02:11.123456789: Warning Shell in container (user=root)`.
// In: time, priority and the rendered output. Out: the line without its end.
// Elsewhere: the rendered output (alerts/template.ts).

import type { Priority } from "../base/mod.ts";
import { timeOfDay, utcDateTime } from "./time_text.ts";

export function textLine(timeNs: bigint, isoTime: boolean, priority: Priority, message: string): string {
  const time = isoTime ? `${utcDateTime(timeNs)}+0000` : timeOfDay(timeNs);
  return `${time}: ${priority} ${message}`;
}
