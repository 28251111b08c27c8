/** A daemon that records the fixture workload. */
import { fixture } from './fixture-contract.ts';
import { type PlayedDaemon, startBridge } from './played-daemon.ts';
import type { Random } from './random.ts';
import { ownRoad } from './roads.ts';
import { startWorkload } from './workload.ts';

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startFixtureDaemon(random: Random, endpoint?: string, road = ownRoad): Promise<PlayedDaemon> {
  const { bridge, daemon } = await startBridge(fixture, { endpoint, road });
  return Object.freeze({ ...daemon, ...startWorkload(bridge, random, road.nonFinite) });
}
