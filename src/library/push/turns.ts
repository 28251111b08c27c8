/** Runs pieces of work one after the other. */
export interface Turns {
  /** Whether a piece of work is in progress. */
  isBusy(): boolean;
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Work must not fail. */
export function createTurns(): Turns {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    isBusy: () => waiting > 0,
    run(work) {
      waiting++;
      const done = last.then(work).finally(() => {
        waiting--;
      });
      last = done;
      return done;
    },
  };
}
