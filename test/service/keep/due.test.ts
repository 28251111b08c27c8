/** When a snapshot is due, across processes: one that is killed again and again before 30 s have passed would never write one. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { folderFor } from '../../folder-for.ts';
import { until } from '../../until.ts';
import { type Machine, openSeries, requestFrom } from './disk/played-keep.ts';

const usual = { lookEveryMs: 1, snapshotEveryMs: 30_000 };
const silent = () => {};
const lookedMs = 50;

const snapshotBytes = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.startsWith('meterbridge-snapshot-'))
    .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

test('a snapshot is due 30 s behind the last one, whichever process wrote that', async (t) => {
  const folder = folderFor(t);
  const machine: Machine = { ms: 1_000, boot: 1 };
  const first = await openSeries(folder('first'), machine, usual, silent);
  for (let number = 1; number <= 5; number++) await first.kept.take(readBatch(requestFrom(0, number)));
  machine.ms += 29_000;
  await sleep(lookedMs);
  assert.equal(snapshotBytes(folder('first')), 0);
  // As SIGKILL leaves it.
  cpSync(folder('first'), folder('second'), { recursive: true, filter: (path) => !/\.(lock|owner\.\d+)$/.test(path) });
  const second = await openSeries(folder('second'), machine, usual, silent);
  await sleep(lookedMs);
  assert.equal(snapshotBytes(folder('second')), 0);
  machine.ms += 1_000;
  await until('a snapshot is written', () => snapshotBytes(folder('second')) > 0);
  await second.close();
  await first.close();
});
