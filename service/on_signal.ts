// One listener for a signal. In: the signal, what to do. Out: a function that ends it.

import { closeDebugger } from "./close_debugger.ts";

export function onSignal(signal: Deno.Signal, act: () => void): () => void {
  const listener = () => {
    if (signal === "SIGUSR1") void closeDebugger();
    act();
  };
  Deno.addSignalListener(signal, listener);
  return () => Deno.removeSignalListener(signal, listener);
}
