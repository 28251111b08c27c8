/**
 * A power cut, and SIGKILL, at each moment of a log with `fsync`: on a disk that has what was synced, and of the rest whatever it
 * likes, each record that was acknowledged is live, in its order and once, and nothing else ever was written.
 */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { random } from '../../../conformance/random.ts';
import { folderFor } from '../../../folder-for.ts';
import { full } from '../../../full.ts';
import { openLog, type Played, playLog, unitsIn } from './played-log.ts';
import { assertRecorded, rebuild, remains } from './rebuild.ts';

const cuts = full ? Number(process.env.METERBRIDGE_CASES) / 8 : 125;
const cutsOfOne = 125;
const steps = 60;

async function check({ units }: Played, directory: string, moment: number, what: string): Promise<void> {
  const log = await openLog(directory);
  const live = (await Promise.all(log.live.map((record) => log.read(record)))).flatMap(unitsIn);
  await log.close();
  assert.equal(new Set(live).size, live.length, `${what}: twice in ${live}`);
  for (const number of live) assert.ok((units[number - 1]?.from ?? moment) < moment, `${what}: ${number} was not written yet`);
  // What is done may be there again, wherever it was.
  const waiting = live.filter((number) => (units[number - 1]?.done ?? moment) >= moment);
  assert.deepEqual(
    waiting,
    waiting.toSorted((one, other) => one - other),
    `${what}: not in their order`,
  );
  const missing = units.filter(({ acknowledged, done, number }) => {
    const isWaited = acknowledged !== undefined && acknowledged <= moment && (done === undefined || done > moment);
    return isWaited && !live.includes(number);
  });
  assert.deepEqual(
    missing.map(({ number }) => number),
    [],
    `${what}: missing in ${live}`,
  );
}

test(`${cuts} power cuts and kills, each at some moment`, async (t) => {
  const folder = folderFor(t);
  const seed = Number(process.env.METERBRIDGE_SEED ?? 1);
  const { next, pick, between } = random(seed);
  for (let cut = 0; cut < cuts; cut += cutsOfOne) {
    const directory = folder(`log-${cut}`);
    mkdirSync(directory);
    const played = await playLog(t, directory, steps, next);
    assertRecorded(played.disk, folder('all'));
    for (let at = 0; at < cutsOfOne; at++) {
      const [moment, left] = [between(0, played.disk.now), pick(remains)];
      const copy = folder('cut');
      rebuild(played.disk, moment, left, copy, next);
      await check(played, copy, moment, `seed ${seed}, log ${cut}, moment ${moment}, ${left}`);
      rmSync(copy, { recursive: true });
    }
    rmSync(directory, { recursive: true });
  }
});
