// What an unknown setting may have meant: words that are missing, superfluous or misspelt, and sections that are left out.

import { equal } from "node:assert/strict";
import { unknownKey } from "../../config/unknown_key.ts";

const MEANT: readonly (readonly [written: string, meant: string | undefined])[] = [
  ["json_include_tags", "json_include_tags_property"],
  ["json_include_output", "json_include_output_property"],
  ["time_iso_8601", "time_format_iso_8601"],
  ["buf_size_preset", "engine.modern_ebpf.buf_size_preset"],
  ["webserver.token_file", "webserver.bearer_token_file"],
  ["webserver.port", "webserver.listen_port"],
  ["file_output.file", "file_output.filename"],
  ["output_queue_capacity", "outputs_queue.capacity"],
  ["outputs_queue.size", "outputs_queue.capacity"],
  ["http_output.urll", "http_output.url"],
  ["rule_file", "rules_files"],
  ["something_of_the_future", undefined],
];

for (const [written, meant] of MEANT) {
  Deno.test(`${written}: ${meant ?? "nothing"} is suggested`, () => {
    const hint = meant === undefined ? "" : `; did you mean \`${meant}\`?`;
    equal(unknownKey(written), `unknown setting ${written}${hint}`);
  });
}
