/**
 * Ten thousand batches, each of a resource that was not there before, through every exporter: each point comes out or is counted,
 * and memory is bounded.
 */
import assert from 'node:assert/strict';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import type { Exporter } from '../../../src/service/component.ts';
import { until } from '../../until.ts';
import { requestOf, resources } from '../many-resources.ts';
import { treeOf } from '../processors/rig.ts';
import { rig as debugRig } from './debug/rig.ts';
import { rig as fileRig } from './file/rig.ts';
import { startReceiver } from './otlp-http/receiver.ts';
import { startExporter as startOtlpHttp } from './otlp-http/rig.ts';
import { startExporter as startPrometheus } from './prometheus/rig.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Twice in each request: 30 MB in all. */
const filler = 'x'.repeat(1_500);
/** What a quarter of them may leave behind: half of their 7.5 MB. */
const mostGrowth = 4e6;

/** The least of some: buffers are given back after their collection by a thread of V8, on a busy machine later. */
async function memory(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 10; times++) {
    gc();
    await sleep(10);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}

/** Batches that are sent at a time: half of what a queue takes. */
const burst = 500;

/** Sends all. Returns by how many bytes memory has grown in the last quarter. */
async function sendAll(consume: Exporter['consume'], settled: (sent: number) => boolean): Promise<number> {
  let before = 0;
  for (let at = 0; at < resources; at++) {
    if (at % burst === 0) {
      await turn();
      await until('settled', () => settled(at));
    }
    if (at === (resources * 3) / 4) before = await memory();
    if (consume(readBatch(requestOf(at, filler))) !== undefined) assert.fail(`${at} is not taken`);
  }
  await until('settled', () => settled(resources));
  return (await memory()) - before;
}

const hosts = Array.from({ length: resources }, (_, at) => String(at));

/** Those of a file's lines, in their order. */
async function hostsIn(path: string, mark: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const host = mark.exec(line)?.[1];
    if (host !== undefined) found.push(host);
  }
  return found;
}

/** Whether a file has all up to the one that was sent last. */
const isIn = (path: string, shown: (host: number) => string) => (sent: number) => {
  if (sent === 0) return true;
  const { size } = statSync(path);
  const end = Buffer.alloc(Math.min(size, 2 * filler.length));
  const file = openSync(path, 'r');
  readSync(file, end, 0, end.length, size - end.length);
  closeSync(file);
  return end.includes(shown(sent - 1));
};

test('file', async (t) => {
  const { exporter, path, refusals, warnings } = fileRig(t);
  await exporter.start();
  const grown = await sendAll(
    exporter.consume,
    isIn(path, (host) => `"stringValue":"${host}"`),
  );
  await exporter.shutdown();
  assert.deepEqual(await hostsIn(path, /"key":"host","value":\{"stringValue":"(\d+)"/), hosts);
  assert.deepEqual([...refusals, ...warnings], []);
  assert.ok(grown < mostGrowth, `${grown} bytes`);
});

test('debug', async (t) => {
  const path = join(fileRig(t).folder, 'debug.txt');
  const { exporter, refusals } = debugRig({ output_paths: [path] });
  await exporter.start();
  const grown = await sendAll(
    exporter.consume,
    isIn(path, (host) => `host: Str(${host})\n`),
  );
  await exporter.shutdown();
  // Of the resource, and of its point.
  assert.deepEqual(
    await hostsIn(path, /^ {5}-> host: Str\((\d+)\)$/),
    hosts.flatMap((host) => [host, host]),
  );
  assert.deepEqual(refusals, []);
  assert.ok(grown < mostGrowth, `${grown} bytes`);
});

test('otlp_http', async (t) => {
  const receiver = await startReceiver(t);
  const { exporter, counts } = await startOtlpHttp(t, {
    endpoint: receiver.origin,
    sending_queue: { batch: { min_size: 100, flush_timeout: '10ms' } },
  });
  const grown = await sendAll(exporter.consume, (sent) => counts.sent === sent);
  assert.ok(grown < mostGrowth, `${grown} bytes`);
  await exporter.shutdown();
  const sent = receiver.requests.flatMap(({ body }) => treeOf(readBatch(gunzipSync(body))));
  const found = sent.map(({ attributes }) => String(attributes.find(({ key }) => key === 'host')?.value?.stringValue));
  // Several requests are on their way at a time.
  assert.deepEqual(
    found.toSorted((a, b) => Number(a) - Number(b)),
    hosts,
  );
});

test('prometheus: a limit of 1,000 series, and each generation expires', async (t) => {
  const generation = 1_000;
  const { exporter, text, pass, state } = await startPrometheus(t, {}, { maxSeries: generation });
  let before = 0;
  for (let at = 0; at < resources; at++) {
    const send = (number: number) => exporter.consume(readBatch(requestOf(number, filler, { 'service.name': `s${number}` })));
    assert.equal(send(at), undefined);
    if ((at + 1) % generation > 0) continue;
    // A sender learns of it by `partial_success`.
    assert.deepEqual(send(resources), { points: 1, why: 'there are as many series as there may be (1000)' });
    const page = await text();
    const shown = [...page.matchAll(/^m\{.*\bhost="(\d+)"/gm)].map(([, host]) => host);
    assert.deepEqual(new Set(shown), new Set(hosts.slice(at + 1 - generation, at + 1)));
    pass(300_001);
    assert.doesNotMatch(await text(), /^m\{/m);
    if (at + 1 === resources - 3 * generation) before = await memory();
  }
  assert.equal(state().series, 0);
  const grown = (await memory()) - before;
  assert.ok(grown < mostGrowth, `${grown} bytes`);
});
