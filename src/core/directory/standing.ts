/** Whether what a process writes every two seconds still changes: then it lives, wherever that is. */

/** So long nothing has to change, by the monotonic clock of who looks. */
const stoodMs = 10_000;

/** Looks again each time that it is called. Undefined: it has not changed since the last time, and may. */
export function createStanding(): (state: string) => boolean | undefined {
  let last: string | undefined;
  let since = 0;
  return (state) => {
    const now = performance.now();
    if (state === last) return now - since >= stoodMs ? false : undefined;
    const hasChanged = last !== undefined;
    last = state;
    since = now;
    return hasChanged ? true : undefined;
  };
}
