/** What the daemons here have in common that a generator plays: their listener on a free port, their clock moved by hand. */
import assert from 'node:assert/strict';
import type { Contract } from '../../src/core/contract/index.ts';
import { meterbridge } from '../../src/index.ts';
import { testClock } from '../../src/testing.ts';
import type { Daemon } from './equality.ts';
import { bridgeOptions, type Road } from './roads.ts';

export interface PlayedDaemon extends Daemon {
  /** Its clock, in milliseconds since the epoch. */
  now(): number;
  /** What some series must show by now, from what was recorded. */
  truth(): ReadonlyMap<string, number>;
  /** Lets `steps` random things happen, and everything there is at least once. */
  run(steps: number): void;
  /** Takes things away. Until the next `run`. */
  lose(): void;
  close(): Promise<void>;
}

/** Some moment; with the same one and the same seed, everything is the same again. */
export const someTimeMs = Date.UTC(2026, 0, 1);

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startBridge<const C extends Contract>(
  contract: C,
  { endpoint, road, stepMs = 1_000 }: { readonly endpoint: string | undefined; readonly road: Road; readonly stepMs?: number },
) {
  const clock = testClock(someTimeMs);
  const bridge = meterbridge(contract, { isolated: true, clock, env: {}, log: () => {}, ...bridgeOptions(road, endpoint) });
  const { url } = await bridge.listen('127.0.0.1:0');
  const daemon = {
    url,
    now: clock,
    advance: () => clock.advance(stepMs),
    async push() {
      assert.equal(await bridge.flush(), true, 'the push failed');
    },
    close: bridge.close,
  };
  return { bridge, clock, daemon };
}
