/**
 * Monotonic milliseconds for ages and deadlines: a wall clock that is set back would make values too young. Ignores the backward
 * steps of a given clock. The default stops while the machine sleeps, as timers do.
 */
export function steadyClock(clock: (() => number) | undefined): () => number {
  if (clock === undefined) return () => performance.now();
  let last = clock();
  let steady = last;
  return () => {
    const now = clock();
    if (now > last) steady += now - last;
    last = now;
    return steady;
  };
}
