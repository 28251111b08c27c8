/** Series that come and go, again and again, under other names each time: what was there before leaves nothing behind. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRig } from './rig.ts';
import { at, buckets, gauge, histogram } from './sent.ts';

const series = 200;
const rounds = 32;
const early = 8;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a round has and what it takes: places of streams, of rows, and bytes. */
function turnOver(rig: ReturnType<typeof createRig>, round: number) {
  const name = `round_${round}`;
  const labels = (index: number) => ({ a: `${name}-${index}`, b: 'x'.repeat(index % 50) });
  const numbers = Array.from({ length: series }, (_, index) => ({ ...at(1, index), attributes: labels(index) }));
  const counted = Array.from({ length: series }, (_, index) => ({ ...buckets(1, 10, [1, 2, 3], 6), attributes: labels(index) }));
  for (const process of ['p', 'q']) {
    const metrics = [
      { ...gauge, points: numbers },
      { ...histogram, name, points: counted },
    ];
    rig.send({ attributes: { process: process + name }, metrics });
  }
  assert.deepEqual([rig.received.series, rig.received.streams], [2 * series, 4 * series]);
  rig.clock.now += 101;
  while (!rig.received.expire(700));
  assert.deepEqual([rig.received.series, rig.received.streams, rig.received.names.families], [0, 0, 0]);
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

it('many rounds take what the first few took', () => {
  const rig = createRig({ expireAfterMs: 100 });
  const bytes = Array.from({ length: rounds }, (_, round) => turnOver(rig, round));
  const opened = rig.log.filter((line) => line.startsWith('open ')).length;
  assert.equal(rig.log.filter((line) => line.startsWith('end ')).length, opened);
  assert.deepEqual(Object.keys(rig.shown()), []);
  // A leak of a word a stream would be at least 109 kB. The least of some rounds each, because what else the process does takes
  // buffers for a while.
  const least = Math.min(...bytes.slice(0, early));
  assert.ok(Math.min(...bytes.slice(-early)) < least + 70_000, `${bytes.join(' ')}`);
});
