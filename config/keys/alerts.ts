// Keys about alerts: their form, their queue, and Falco's own channels.

import { below, bool, duration, int, own } from "../definition.ts";
import { SINK_KEYS } from "../sinks/common.ts";
import { FILE } from "../sinks/file.ts";
import { HTTP } from "../sinks/http.ts";
import { PROGRAM } from "../sinks/program.ts";
import { STDOUT } from "../sinks/stdout.ts";
import { SYSLOG } from "../sinks/syslog.ts";

export const ALERT_FORM = {
  "time_format_iso_8601": bool(
    false,
    "times as UTC date and time instead of local time of day",
  ),
  "buffer_format_base64": bool(false, "byte buffers in alerts as base64 instead of printable characters"),
  "json_output": bool(false, "alerts as JSON objects, one a line; also what -L, -V and --version print"),
  "json_include_output_property": bool(true, "JSON alerts have `output`: the text of the alert"),
  "json_include_message_property": bool(
    false,
    "JSON alerts have `message`: the output without time and priority",
  ),
  "json_include_output_fields_property": bool(
    true,
    "JSON alerts have `output_fields`: each field with its value",
  ),
  "json_include_tags_property": bool(true, "JSON alerts have `tags`: those of the rule"),
  "buffered_outputs": bool(false, "standard output, files and programs may gather alerts for half a second"),
  "outputs_queue.capacity": int(
    0,
    0,
    4_294_967_295,
    "queue length of each sink; further alerts are dropped and counted. 0: the sink's queue_capacity",
  ),
  "output_timeout": int(
    2000,
    0,
    86_400_000,
    "milliseconds after which a sink that is stuck is reported in the log",
  ),
  ...own({
    "output_stop_grace": duration(
      15_000,
      0,
      600_000,
      "at the end, a sink that takes alerts slowly has so long for those that wait; one that takes nothing has output_timeout, two seconds at least",
    ),
    "output_retry_after_max": duration(
      300_000,
      1000,
      86_400_000,
      "a receiver that asks to be left alone for longer (Retry-After) is tried again after this time",
    ),
  }),
};

export const CHANNELS = {
  "stdout_output.enabled": bool(true, "alerts to standard output"),
  ...below("stdout_output", { ...STDOUT.keys, ...SINK_KEYS }),
  "syslog_output.enabled": bool(false, "alerts to syslog"),
  ...below("syslog_output", { ...SYSLOG.keys, ...SINK_KEYS }),
  "file_output.enabled": bool(false, "alerts to a file"),
  ...below("file_output", { ...FILE.keys, ...SINK_KEYS }),
  "program_output.enabled": bool(false, "alerts to the standard input of a program"),
  ...below("program_output", { ...PROGRAM.keys, ...SINK_KEYS }),
  "http_output.enabled": bool(false, "alerts to an HTTP server"),
  ...below("http_output", { ...HTTP.keys, ...SINK_KEYS }),
};
