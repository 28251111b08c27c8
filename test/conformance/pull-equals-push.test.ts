/** The same series and the same values, whether a Prometheus scrapes the daemon or a real Collector that the daemon pushes to. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runwisp } from '../../instrumentation/runwisp/index.ts';
import type { Contract } from '../../src/index.ts';
import { startCollector } from './collector.ts';
import type { ExpectedInstruments } from './debug-series.ts';
import { assertGoneSeriesLeave, assertNothingLeftOut, assertPullEqualsPush, type Daemon, type Rig } from './equality.ts';
import { expectedOfFixture, fixture } from './fixture-contract.ts';
import { startFixtureDaemon } from './fixture-daemon.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { type Random, random } from './random.ts';
import { type Road, roads } from './roads.ts';
import { expectedOfRunwisp, startRunwispDaemon } from './runwisp-daemon.ts';
import type { SeriesMap } from './series.ts';

interface Played extends Daemon {
  run(steps: number): void;
  lose(): void;
  truth(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

interface Case {
  readonly name: string;
  readonly contract: Contract;
  readonly expected: ExpectedInstruments;
  start(random: Random, endpoint: string, road: Road): Promise<Played>;
}

/** Of series that nothing says are gone. */
const expirationMs = 5_000;
const rounds = 3;
const steps = 200;

async function startFixture(generator: Random, endpoint: string, road: Road): Promise<Played> {
  const { workload, ...daemon } = await startFixtureDaemon(generator, endpoint, road);
  return { ...daemon, ...workload };
}

const cases: readonly Case[] = [
  { name: 'a contract with every kind', contract: fixture, expected: expectedOfFixture, start: startFixture },
  { name: 'RunWisp', contract: runwisp, expected: expectedOfRunwisp, start: startRunwispDaemon },
];

for (const road of roads) {
  for (const played of cases) {
    test(`pull equals push: ${played.name} (${road.name})`, async (t: TestContext) => {
      const binary = requirePeer(t, 'collector');
      if (binary !== undefined) await play(t, binary, road, played);
    });
  }
}

async function play(t: TestContext, binary: string, road: Road, { contract, expected, start }: Case): Promise<void> {
  const atEnd = inReverse(t);
  const generator = random();
  t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
  const collector = await startCollector(binary, road.marksGone ? {} : { metricExpiration: `${expirationMs}ms` });
  atEnd(collector.stop);
  const daemon = await start(generator, collector.endpoint, road);
  atEnd(daemon.close);
  const rig: Rig = { collector, daemon, expected, road, expirationMs: road.marksGone ? undefined : expirationMs, pushedBefore: new Map() };

  let series: SeriesMap = new Map();
  for (let round = 1; round <= rounds; round++) {
    daemon.run(steps);
    series = await assertPullEqualsPush(t, rig, `round ${round}`);
    assertNothingLeftOut(contract, series);
    for (const [key, value] of daemon.truth()) assert.equal(series.get(key), value, key);
  }
  daemon.lose();
  await assertGoneSeriesLeave(t, rig, series);
  daemon.run(steps);
  await assertPullEqualsPush(t, rig, 'after series have come back');
}
