/**
 * Milliseconds that only go forward, for ages and deadlines: a wall clock that is set back would make values younger than they are. Of a clock that is
 * handed in, steps back are left out. The default stands still while the machine sleeps, as timers do.
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
