/** A daemon that records the fixture workload: its listener on a free port, its clock moved by hand. */
import assert from 'node:assert/strict';
import { meterbridge } from '../../src/index.ts';
import type { Daemon } from './equality.ts';
import { fixture } from './fixture-contract.ts';
import type { Random } from './random.ts';
import { bridgeOptions, ownRoad } from './roads.ts';
import { startWorkload, type Workload } from './workload.ts';

export interface FixtureDaemon extends Daemon {
  readonly workload: Workload;
  close(): Promise<void>;
}

/** Some moment; with the same one and the same seed, everything is the same again. */
export const someTimeMs = Date.UTC(2026, 0, 1);
const stepMs = 1_000;

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startFixtureDaemon(random: Random, endpoint?: string, road = ownRoad): Promise<FixtureDaemon> {
  let now = someTimeMs;
  const bridge = meterbridge(fixture, { isolated: true, clock: () => now, env: {}, log: () => {}, ...bridgeOptions(road, endpoint) });
  const workload = startWorkload(bridge, random, road.nonFinite);
  const { url } = await bridge.listen('127.0.0.1:0');
  return Object.freeze({
    url,
    workload,
    advance() {
      now += stepMs;
    },
    async push() {
      assert.equal(await bridge.flush(), true, 'the push failed');
    },
    close: bridge.close,
  });
}
