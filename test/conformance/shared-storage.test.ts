/**
 * One file and one directory for the service and the Collector: both keep there what waits, and neither touches the other's
 * files.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { folderFor } from '../folder-for.ts';
import { startReceiver } from '../service/exporters/otlp-http/receiver.ts';
import { batch, metric } from '../service/exporters/otlp-http/rig.ts';
import { pointsAt } from '../service/queue/stored-rig.ts';
import { send } from '../service/receivers/otlp/http-client.ts';
import { command } from '../tools/cli/run-command.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';
import { requirePeer } from './peers.ts';

test('the Collector and the service share a file and a directory', async (t) => {
  const collector = requirePeer(t, 'collector');
  if (collector === undefined) return;
  const folder = folderFor(t);
  const directory = folder('queue');
  mkdirSync(directory);
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const host = `127.0.0.1:${await freePort()}`;
  const path = folder('collector.yaml', textOf(host, receiver.origin, directory));
  const ours = [process.execPath, ...command, 'serve', '--config', path] as const;
  const theirs = [collector, '--config', path] as const;

  await holding(t, ours, host, 'ours');
  const own = hashes(directory, isOurs);
  assert.ok(Object.keys(own).length > 0);
  await holding(t, theirs, host, 'theirs');
  assert.deepEqual(hashes(directory, isOurs), own);
  const foreign = hashes(directory, (file) => !isOurs(file));
  assert.ok(Object.keys(foreign).length > 0);

  receiver.answers = [{ status: 200 }];
  const before = receiver.requests.length;
  const sent = () => pointsAt({ requests: receiver.requests.slice(before) });
  const service = await started(t, ours);
  await until('our own is sent', () => sent().length > 0);
  await service.stop();
  assert.deepEqual(sent(), ['ours 2 1']);
  assert.deepEqual(
    hashes(directory, (file) => !isOurs(file)),
    foreign,
  );
  const peer = await started(t, theirs);
  await until('theirs is sent', () => sent().length > 1);
  await peer.stop();
  assert.deepEqual(sent(), ['ours 2 1', 'theirs 2 1']);
});

function textOf(endpoint: string, to: string, directory: string): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    exporters: {
      otlp_http: {
        endpoint: to,
        sending_queue: { storage: 'file_storage' },
        retry_on_failure: { max_elapsed_time: '0s', initial_interval: '1s' },
      },
    },
    extensions: { file_storage: { directory, fsync: true } },
    service: {
      extensions: ['file_storage'],
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['otlp_http'] } },
      telemetry: { metrics: { level: 'none' } },
    },
  });
}

const isOurs = (file: string) => file.startsWith('meterbridge');

function hashes(directory: string, which: (file: string) => boolean): Readonly<Record<string, string>> {
  const files = readdirSync(directory).filter((file) => which(file) && !file.endsWith('.lock'));
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(directory, file)))
        .digest('hex'),
    ]),
  );
}

async function started(t: TestContext, [program, ...args]: readonly [string, ...string[]]) {
  const child = startChild(t, program, args);
  await child.until('ready', () => child.stderr().includes('Everything is ready'));
  return child;
}

/** It has taken a point, which it cannot send on, and has ended. */
async function holding(t: TestContext, program: readonly [string, ...string[]], host: string, name: string): Promise<void> {
  const child = await started(t, program);
  const body = batch(metric(name, 2, 1, { temporality: 1 })).bytes;
  assert.equal((await send(host, { headers: { 'content-type': 'application/x-protobuf' }, body })).status, 200);
  await child.stop();
}
