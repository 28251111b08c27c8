/** What `meterbridge storage DIR salvage` writes is what the Collector's receiver `otlp_json_file` reads. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../../examples/demo/free-port.ts';
import { readBatch } from '../../src/formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../src/formats/otlp/json/to-protobuf.ts';
import { batchTree } from '../../src/service/plugin/batch-tree.ts';
import { openDirectory } from '../../src/service/storage/directory.ts';
import { folderFor } from '../folder-for.ts';
import { startReceiver } from '../service/exporters/otlp-http/receiver.ts';
import { send } from '../service/receivers/otlp/http-client.ts';
import { runHere } from '../tools/cli/run-here.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';
import { requirePeer } from './peers.ts';
import { randomRequests } from './twin/random.ts';

test('the Collector reads what is whole of a damaged segment, as it was', async (t) => {
  const collector = requirePeer(t, 'collector');
  if (collector === undefined) return;
  const folder = folderFor(t);
  const directory = folder('');
  const requests = randomRequests(40, 3).map((one) => jsonToProtobuf(Buffer.from(JSON.stringify(one))));
  const place = await openDirectory({ directory, fsync: false, maxBytes: 0, waitMs: 0, warn: () => {} });
  const { log, close } = await place.open('otlp_http');
  for (const request of requests) await log.append(request, 1);
  await close();
  await place.close();
  const file = join(directory, 'meterbridge-otlp_http-000000000001.segment');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, 0, 4_096));

  const output = folder('salvaged.jsonl');
  const { status, stderr } = await runHere(['storage', directory, 'salvage', '--output', output]);
  assert.equal(status, 0, stderr);
  const count = Number(/^\d+/.exec(stderr)?.[0]);
  assert.ok(count > 10 && count < requests.length, stderr);

  const receiver = await startReceiver(t);
  const host = `127.0.0.1:${await freePort()}`;
  const sendingTo = (path: string) => ({
    metrics_endpoint: `${receiver.origin}/${path}`,
    compression: 'none',
    sending_queue: { num_consumers: 1 },
  });
  const configuration = {
    receivers: {
      otlp_json_file: { include: [output], start_at: 'beginning', poll_interval: '50ms', include_file_name: false },
      otlp: { protocols: { http: { endpoint: host } } },
    },
    exporters: { 'otlp_http/lines': sendingTo('lines'), 'otlp_http/direct': sendingTo('direct') },
    service: {
      pipelines: {
        'metrics/lines': { receivers: ['otlp_json_file'], exporters: ['otlp_http/lines'] },
        'metrics/direct': { receivers: ['otlp'], exporters: ['otlp_http/direct'] },
      },
      telemetry: { metrics: { level: 'none' } },
    },
  };
  const child = startChild(t, collector, ['--config', folder('collector.yaml', JSON.stringify(configuration))]);
  await child.until('ready', () => child.stderr().includes('Everything is ready'));
  // The same requests by the way that they had come.
  for (const body of requests.slice(-count))
    assert.equal(
      (await send(host, { headers: { 'content-type': 'application/x-protobuf' }, body: Buffer.from(body) })).status,
      200,
    );
  const arrived = (path: string) =>
    receiver.requests.filter((one) => one.path === `/${path}`).map(({ body }) => batchTree(readBatch(body)));
  for (const path of ['lines', 'direct']) await until(`all has arrived at ${path}`, () => arrived(path).length === count);
  await child.stop();
  assert.deepEqual(arrived('lines'), arrived('direct'));
});
