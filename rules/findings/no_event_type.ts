// The condition runs on every event.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "no-event-type",
  falco: "LOAD_NO_EVTTYPE",
  severity: "warning",
  title: "the condition runs on every event",
  why: "A condition without `evt.type` is tried on every event, which costs time for each of them.",
  example: `- rule: Example
  desc: an example
  condition: proc.name = cat
  output: opened %fd.name
  priority: NOTICE
`,
});
