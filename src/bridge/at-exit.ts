/** What is still to be done where the event loop has nothing left: the program ends unless something new is begun. */

const waiting = new Set<() => void>();

/** Calls `end` once. Returns a function that calls it off, as a handler of the program's own may do at that time. */
export function atExit(end: () => void): () => void {
  if (waiting.size === 0) process.on('beforeExit', loopIsEmpty);
  waiting.add(end);
  return () => void (waiting.delete(end) && waiting.size === 0 && process.off('beforeExit', loopIsEmpty));
}

/** After all handlers of the program: one that closes its bridge then has done all there is to do. */
function loopIsEmpty(): void {
  process.off('beforeExit', loopIsEmpty);
  queueMicrotask(() => {
    const ends = [...waiting];
    waiting.clear();
    for (const end of ends) end();
  });
}
