// Memory that calls in other threads use: the collector does not know.

const inUse = new Set<readonly ArrayBufferView[]>();

/** The result of a call that runs in a thread of its own; until then its memory stays. */
export async function kept<T>(call: Promise<T>, ...memory: readonly ArrayBufferView[]): Promise<T> {
  inUse.add(memory);
  try {
    return await call;
  } finally {
    inUse.delete(memory);
  }
}
