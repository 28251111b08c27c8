/** The same series and the same values, whether a Prometheus scrapes the daemon or a real Collector that the daemon pushes to. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startCollector } from './collector.ts';
import { type DaemonCase, daemonNames, daemons } from './daemons.ts';
import { assertGoneSeriesLeave, assertNothingLeftOut, assertPullEqualsPush, type Rig } from './equality.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { random } from './random.ts';
import { type Road, roads } from './roads.ts';
import type { SeriesMap } from './series.ts';

/** Of series that nothing says are gone. */
const expirationMs = 5_000;
const rounds = 3;
const steps = 200;

for (const road of roads) {
  for (const name of daemonNames) {
    test(`pull equals push: ${name} (${road.name})`, async (t: TestContext) => {
      const binary = requirePeer(t, 'collector');
      if (binary !== undefined) await play(t, binary, road, daemons[name]);
    });
  }
}

async function play(t: TestContext, binary: string, road: Road, { contract, expected, start }: DaemonCase): Promise<void> {
  const atEnd = inReverse(t);
  const generator = random();
  t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
  const collector = await startCollector(t, binary, road.marksGone ? {} : { metricExpiration: `${expirationMs}ms` });
  atEnd(collector.stop);
  const daemon = await start(generator, collector.endpoint, road);
  atEnd(daemon.close);
  const rig: Rig = {
    collector,
    daemon,
    expected,
    road,
    expirationMs: road.marksGone ? undefined : expirationMs,
    pushedBefore: new Map(),
  };

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
