export interface TestClock {
  (): number;
  /** Moves the clock forward. */
  advance(ms: number): void;
}

/** A clock that stays at `startMs` (milliseconds since the epoch; default 2026-01-01T00:00:00Z) until you advance it. */
export function testClock(startMs: number = Date.UTC(2026, 0, 1)): TestClock {
  let now = startMs;
  return Object.assign(() => now, {
    advance(ms: number) {
      now += ms;
    },
  });
}

/**
 * A clock that follows `Date`, so that fake timers move it: `vi.useFakeTimers()` of vitest, `mock.timers.enable({ apis: ['Date']
 * })` of node:test, Jest's.
 * `advance` adds to it.
 */
export function dateClock(): TestClock {
  let ahead = 0;
  // `Date` is looked up at each call: fake timers replace it.
  return Object.assign(() => Date.now() + ahead, {
    advance(ms: number) {
      ahead += ms;
    },
  });
}
