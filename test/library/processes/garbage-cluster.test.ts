/** `node:cluster`: each worker shows all of them, whatever somebody leaves in their directory. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../../until.ts';
import { files, isRoot, junkPath, listenAt, recordOfOther, sockets } from './garbage.ts';
import { showsAll, threeWorkers } from './garbage-cluster.ts';

const skip = process.platform === 'win32';

test('three workers show all, with one of each kind of garbage after the other, and with all of them', { skip }, async (t) => {
  const cluster = await threeWorkers(t);
  const kinds = Object.values({ ...files, ...(isRoot && { other: recordOfOther }) });
  for (const [at, make] of kinds.entries()) {
    make(junkPath(cluster.directory, at, 'bin'));
    await showsAll(cluster);
  }
  for (const [at, answers] of Object.values(sockets).entries())
    await listenAt(t, junkPath(cluster.directory, 100 + at, 'sock'), answers);
  await showsAll(cluster);
  // One that joins meanwhile shows all, too.
  await cluster.start('d');
  await showsAll(cluster, ['d']);
});

test('three workers show all after somebody has removed their directory, and what is in it', { skip }, async (t) => {
  const cluster = await threeWorkers(t);
  rmSync(cluster.directory, { recursive: true });
  const records = () =>
    existsSync(cluster.directory) ? readdirSync(cluster.directory).filter((name) => name.endsWith('.sock')) : [];
  await until('all listen again', () => records().length === 3);
  await showsAll(cluster);
  for (const name of readdirSync(cluster.directory)) rmSync(join(cluster.directory, name));
  await until('all listen again', () => records().length === 3);
  await cluster.start('d');
  await showsAll(cluster, ['d']);
  assert.equal(records().length, 4);
});
