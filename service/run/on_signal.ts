// One listener for a signal. In: the signal, what to do. Out: a function that ends it.
// SIGUSR1 is blocked in every thread, since the runtime opens a debugger when it comes: it is read (ffi/signal_reader.ts).

import { SignalReader } from "../../ffi/mod.ts";

export function onSignal(signal: Deno.Signal, act: () => void): () => void | Promise<void> {
  if (signal === "SIGUSR1") {
    const reader = new SignalReader(signal, act);
    return () => reader.close();
  }
  Deno.addSignalListener(signal, act);
  return () => Deno.removeSignalListener(signal, act);
}
