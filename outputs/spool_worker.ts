// The thread of the spool: the only one that waits for its disk.
// In: where the spool is, then calls, one after the other. Out: an answer to each, with the state of the spool; news.
// Elsewhere: the other end (spool_client.ts), the spool itself (spool.ts).
/// <reference lib="deno.worker" />

import { Spool, type SpoolLimits, type SpoolStats } from "./spool.ts";
import type { SpoolRow } from "./spool_file.ts";

export type SpoolCall =
  | { readonly what: "open"; readonly directory: string; readonly limits: SpoolLimits }
  | { readonly what: "limits"; readonly limits: SpoolLimits }
  | { readonly what: "append"; readonly sink: string; readonly messages: readonly Omit<SpoolRow, "id">[] }
  | { readonly what: "load"; readonly sink: string; readonly afterId: number; readonly limit: number }
  | { readonly what: "claim"; readonly sink: string; readonly id: number }
  | { readonly what: "remove"; readonly sink: string; readonly ids: readonly number[] }
  | { readonly what: "expire"; readonly sink: string }
  /** what the file holds of a sink */
  | { readonly what: "look"; readonly sink: string }
  | { readonly what: "close" };

/** By call. */
export interface SpoolAnswers {
  readonly open: undefined;
  readonly limits: undefined;
  readonly append: readonly number[] | undefined;
  readonly load: readonly SpoolRow[] | undefined;
  readonly claim: undefined;
  readonly remove: undefined;
  readonly expire: readonly number[];
  readonly look: { readonly count: number; readonly claimedId: number };
  readonly close: undefined;
}

export type FromSpool =
  | { readonly type: "answer"; readonly answer: SpoolAnswers[keyof SpoolAnswers]; readonly stats: SpoolStats }
  | { readonly type: "news"; readonly level: "error" | "notice"; readonly message: string }
  /** the file is another one */
  | { readonly type: "opened" };

let spool: Spool | undefined;

function post(message: FromSpool): void {
  self.postMessage(message);
}

function answer(call: SpoolCall): SpoolAnswers[keyof SpoolAnswers] {
  if (call.what === "open") {
    spool = new Spool(
      call.directory,
      call.limits,
      (level, message) => post({ type: "news", level, message }),
    );
    spool.join({ opened: () => post({ type: "opened" }) });
    return undefined;
  }
  const open = spool!;
  switch (call.what) {
    case "limits":
      open.limits = call.limits;
      return undefined;
    case "append":
      return open.append(call.sink, call.messages);
    case "load":
      return open.load(call.sink, call.afterId, call.limit);
    case "claim":
      return void open.claim(call.sink, call.id);
    case "remove":
      return void open.remove(call.sink, call.ids);
    case "expire":
      return open.expire(call.sink);
    case "look":
      return { count: open.count(call.sink), claimedId: open.claimed(call.sink) };
    case "close":
      return void open.close();
  }
}

self.onmessage = ({ data }: MessageEvent<SpoolCall>) => {
  const result = answer(data);
  post({ type: "answer", answer: result, stats: spool!.stats() });
  if (data.what === "close") self.close();
};
