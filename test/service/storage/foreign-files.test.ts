/**
 * A service whose directory has anything under names of segments and locks: it starts, loses nothing of its own, and names each.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lockDirectory } from '../../../src/service/storage/directory-lock.ts';
import { bodyOf } from '../../conformance/child.ts';
import { folderFor } from '../../folder-for.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric } from '../exporters/otlp-http/rig.ts';
import { startFrom } from '../graph/rig.ts';
import { pointsAt } from '../queue/stored-rig.ts';
import { send } from '../receivers/otlp/http-client.ts';
import { kinds } from './log/foreign-kinds.ts';

const skip = process.platform === 'win32';
/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:1';
const logs = ['prometheus', 'snapshot-prometheus', 'otlp_http.x'];
const numbers = Array.from({ length: 5 }, (_, at) => at);

function yamlOf(directory: string, endpoint: string): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: {
      prometheus: { endpoint: '127.0.0.1:0' },
      'otlp_http/x': {
        endpoint,
        compression: 'none',
        // Several would send at once, in any order.
        sending_queue: { storage: 'file_storage', num_consumers: 1 },
        retry_on_failure: { initial_interval: '2ms' },
      },
    },
    extensions: { file_storage: { directory, create_directory: true } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      extensions: ['file_storage'],
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus', 'otlp_http/x'] } },
    },
  });
}

const pathOf = (directory: string, log: string, number: number | string) =>
  join(directory, `meterbridge-${log}-${String(number).padStart(12, '0')}.segment`);

/** 0: it has none. */
function newestOf(directory: string, log: string): number {
  const files = readdirSync(directory).filter((file) => new RegExp(`^meterbridge-${log}-\\d{12}\\.segment$`).test(file));
  return Number(files.sort().at(-1)?.slice(-20, -8) ?? 0);
}

/** A service with this directory; `names` are of sums that it is sent, or has to show. */
async function serviceIn(t: TestContext, directory: string, endpoint = nowhere) {
  const service = await startFrom(t, yamlOf(directory, endpoint), undefined, { keep: directory });
  const host = new URL(service.urls().find((url) => url.endsWith('/v1/metrics')) as string).host;
  const page = service.urls().find((url) => url.endsWith('/metrics') && !url.includes('/v1/')) as string;
  const warnings = () => service.log().match(/(?<=warn\t)storage: .*/g) ?? [];
  return {
    ...service,
    warnings,
    async take(names: readonly string[]) {
      for (const name of names) {
        const body = Buffer.from(batch(metric(name, 1, 1)).bytes);
        assert.equal((await send(host, { headers: { 'content-type': 'application/x-protobuf' }, body })).status, 200);
      }
    },
    async shows(names: readonly string[]) {
      const text = (await bodyOf(page)) ?? '';
      for (const name of names) assert.ok(text.includes(`# TYPE ${name}`), `${name} in\n${text}`);
    },
  };
}

test('all that has the name of a segment, and is none', { skip }, async (t) => {
  const directory = folderFor(t)('stored');
  const first = await serviceIn(t, directory);
  const before = numbers.map((at) => `before_${at}`);
  await first.take(before);
  await first.shutdown();
  const whole = pathOf(directory, 'otlp_http.x', newestOf(directory, 'otlp_http.x'));
  for (const log of logs) {
    let number = newestOf(directory, log);
    for (const [put] of Object.values(kinds)) put(pathOf(directory, log, ++number), whole);
    for (const foreign of ['999999999999', '1000000000000']) copyFileSync(whole, pathOf(directory, log, foreign));
  }
  const second = await serviceIn(t, directory);
  await second.shows(before);
  assert.equal(second.warnings().length, logs.length, second.log());
  const count = Object.keys(kinds).length + 2;
  for (const line of second.warnings()) assert.ok(line.startsWith(`storage: ${count} files of ${directory} are left out`), line);
  const behind = numbers.map((at) => `behind_${at}`);
  await second.take(behind);
  await second.shutdown();
  const receiver = await startReceiver(t);
  const third = await serviceIn(t, directory, receiver.origin);
  await third.shows([...before, ...behind]);
  await until('all is sent', () => receiver.requests.length >= 10);
  assert.deepEqual(
    pointsAt(receiver),
    [...before, ...behind].map((name) => `${name} 1 1`),
  );
});

test('what was in a newest segment that is empty now is named as lost, and what comes then is there', { skip }, async (t) => {
  const directory = folderFor(t)('stored');
  const first = await serviceIn(t, directory);
  await first.take(['before']);
  await first.shutdown();
  const paths = logs.slice(1).map((log) => pathOf(directory, log, newestOf(directory, log)));
  for (const path of paths) truncateSync(path, 0);
  const second = await serviceIn(t, directory);
  for (const path of paths)
    assert.ok(
      second.warnings().some((line) => line.startsWith(`storage: ${path} is empty: it was made`)),
      second.log(),
    );
  await second.take(['behind']);
  await second.shutdown();
  const receiver = await startReceiver(t);
  const third = await serviceIn(t, directory, receiver.origin);
  await third.shows(['behind']);
  await until('it is sent', () => receiver.requests.length > 0);
  assert.deepEqual(pointsAt(receiver), ['behind 1 1']);
});

for (const name of ['meterbridge.held', 'meterbridge.lock', 'meterbridge.owner.7'])
  test(`what has the name ${name}, and is no such file: one process holds the directory, and what links lead to stays`, {
    skip,
  }, async (t) => {
    const to = folderFor(t);
    const whole = to('whole');
    writeFileSync(whole, 'whole');
    const lines = Object.entries(kinds).map(async ([kind, [put]]) => {
      const directory = to(kind);
      mkdirSync(directory);
      put(join(directory, name), whole);
      const said: string[] = [];
      const held = await lockDirectory(directory, { waitMs: 0, warn: (line) => said.push(line) });
      t.after(held.release);
      assert.equal(held.lost(), undefined, kind);
      await assert.rejects(lockDirectory(directory, { waitMs: 0, warn: () => {} }), /is in use by the process \d+\. Fix: /, kind);
      return said;
    });
    const said = (await Promise.all(lines)).flat();
    // Whoever wrote that file may live: its like is known to stand still after 10 s.
    for (const line of said)
      assert.match(line, /meterbridge\.owner\.7 names another process, which may live: the start waits until/);
    assert.equal(said.length, name === 'meterbridge.owner.7' ? Object.keys(kinds).length : 0);
    assert.equal(readFileSync(whole, 'utf8'), 'whole');
  });
