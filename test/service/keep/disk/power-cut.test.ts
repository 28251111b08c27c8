/**
 * SIGKILL, and a power cut, at each moment of series that are kept, most of them while a snapshot is written, or what it has is
 * forgotten. After a kill there is what was shown last, exactly. After a power cut there is at least what the last whole snapshot
 * has, and no value that never was.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { random } from '../../../conformance/random.ts';
import { folderFor } from '../../../folder-for.ts';
import { full } from '../../../full.ts';
import { assertRecorded, type Remains, rebuild, remains } from '../../storage/disk/rebuild.ts';
import { loadKeep, type Machine, type PlayedKeep, playKeep, type Shown } from './played-keep.ts';

const cuts = full ? Number(process.env.METERBRIDGE_CASES) / 10 : 100;
const cutsOfOne = 20;
/** Until then there is no whole snapshot in a directory that was empty. */
const early = 40;
const steps = 40;
const senders = 4;
/** Batches and a sweep that are on their way at a time. */
const underWay = senders + 1;

const lastAt = (list: readonly { readonly from: number }[], moment: number) => list.findLastIndex(({ from }) => from <= moment);

function checkKilled(shown: Shown, { states }: PlayedKeep, moment: number, what: string): void {
  const last = lastAt(states, moment);
  const possible = states.slice(Math.max(0, last), last + underWay + 1);
  if (last === -1) possible.push({ from: 0, shown: {} });
  if (!possible.some((one) => isDeepStrictEqual(one.shown, shown))) assert.deepEqual(shown, possible[0]?.shown, what);
}

/**
 * @param hasHoles of what came behind the snapshot, something may be there whose beginning is not: series that were sent
 * meanwhile can have expired
 */
function checkCut(
  shown: Shown,
  { states, snapshots }: PlayedKeep,
  moment: number,
  next: readonly number[],
  hasHoles: boolean,
  what: string,
): void {
  const safe = snapshots[lastAt(snapshots, moment)]?.state ?? 0;
  const since = states.slice(safe, lastAt(states, moment) + underWay + 1);
  const always = Object.keys(since[0]?.shown ?? {}).filter((series) => since.every((one) => series in one.shown));
  if (!hasHoles) for (const series of always) assert.ok(series in shown, `${what}: ${series} is missing`);
  for (const [series, value] of Object.entries(shown)) {
    if (series.startsWith('start of')) continue;
    const sender = Number(/instance="(\d)"/.exec(series)?.[1]);
    if (hasHoles && series.startsWith('delta'))
      assert.ok(Number(value) < (next[sender] as number), `${what}: ${series} ${value}`);
    else
      assert.ok(
        since.some((one) => isDeepStrictEqual(one.shown[series], value)),
        `${what}: ${series} never was ${value} since the snapshot`,
      );
  }
}

test(`${cuts} kills and power cuts, each at some moment`, async (t) => {
  const folder = folderFor(t);
  const seed = Number(process.env.METERBRIDGE_SEED ?? 1);
  const chance = random(seed);
  const machine: Machine = { ms: 1_000, boot: 1 };
  const next = Array.from({ length: senders }, () => 1);
  let directory = folder('first');
  mkdirSync(directory);
  let inSnapshot = 0;
  for (let cut = 0; cut < cuts; cut += cutsOfOne) {
    const played = await playKeep(t, directory, steps, machine, next, chance);
    assertRecorded(played.disk, folder('all'));
    for (let at = 0; at < cutsOfOne; at++) {
      const moment = chance.between(0, chance.pick([early, played.disk.now]));
      const left: Remains = chance.next() < 1 / 2 ? 'killed' : chance.pick(remains);
      const copy = folder(`cut-${cut + at}`);
      rebuild(played.disk, moment, left, copy, chance.next);
      // A start changes what it finds.
      if (at === cutsOfOne - 1) cpSync(copy, folder(`next-${cut}`), { recursive: true });
      const { shown } = await loadKeep(join(copy, 'kept'), machine);
      const what = `seed ${seed}, ${cut + at}, moment ${moment}, ${left}`;
      if (played.snapshots.some(({ begun, from }) => moment > begun && moment <= from)) inSnapshot++;
      if (left === 'killed') checkKilled(shown, played, moment, what);
      else checkCut(shown, played, moment, next, left === 'sectors' || left === 'garbage', what);
      rmSync(copy, { recursive: true });
    }
    rmSync(directory, { recursive: true });
    // It goes on from the last of them.
    directory = folder(`next-${cut}`);
    machine.boot++;
  }
  assert.ok(inSnapshot > cuts / 20);
  t.diagnostic(`${inSnapshot} while a snapshot is written`);
});
