/**
 * At full size: 2,000 files and 200 sockets that are none of the program's, and answers without an end. Each scrape is 200, shows
 * all, and stays quick and small.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { slack } from '../../attack/slack.ts';
import { repeated } from '../../full.ts';
import type { Cluster } from './clusters.ts';
import { files, junkPath, listenAt, sockets } from './garbage.ts';
import { showsAll, threeWorkers } from './garbage-cluster.ts';

const skip = process.platform === 'win32';
const scrapes = 20;
const mostMs = 1_000 * slack;
const mostGrownMiB = 150;
/** Sockets. */
const many = repeated(200, 50, 200);

/** Of the workers, in MiB. Only Linux says it so. */
function residentMiB(cluster: Cluster): number {
  const children = readFileSync(`/proc/${cluster.pid}/task/${cluster.pid}/children`, 'utf8').trim().split(' ');
  const kibibytes = children.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]));
  return Math.max(...kibibytes) / 1_024;
}

async function scrapedWith(t: TestContext, what: string, cluster: Cluster, resident: number): Promise<void> {
  const first = await showsAll(cluster);
  let slowest = 0;
  for (let time = 0; time < scrapes; time++) {
    slowest = Math.max(slowest, await showsAll(cluster));
    await sleep(50);
  }
  const grown = residentMiB(cluster) - resident;
  t.diagnostic(
    `${what}: first scrape ${first.toFixed()} ms, slowest of the next ${3 * scrapes} ${slowest.toFixed()} ms, ${grown.toFixed()} MiB more`,
  );
  assert.ok(slowest < mostMs, `${slowest} ms`);
  assert.ok(grown < mostGrownMiB, `${grown} MiB`);
}

for (const what of ['no bytes', 'a FIFO', 'a file of more than 64 MiB', 'a record with another schema'] as const) {
  test(`2,000 times ${what}`, { skip }, async (t) => {
    const cluster = await threeWorkers(t);
    const resident = residentMiB(cluster);
    for (let at = 0; at < 2_000; at++) files[what]?.(junkPath(cluster.directory, at, 'bin'));
    await scrapedWith(t, what, cluster, resident);
    assert.ok(readdirSync(cluster.directory).length >= 2_000);
  });
}

for (const [what, count] of [
  ['answers without an end', 50],
  ['answers a record without an end', 50],
  ['says that 64 MiB follow', many],
  ['never answers', many],
] as const) {
  test(`${count} sockets, each of which ${what}`, { skip }, async (t) => {
    const cluster = await threeWorkers(t);
    const resident = residentMiB(cluster);
    for (let at = 0; at < count; at++) await listenAt(t, junkPath(cluster.directory, at, 'sock'), sockets[what] as never);
    await scrapedWith(t, what, cluster, resident);
  });
}
