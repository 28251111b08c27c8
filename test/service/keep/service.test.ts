/** What is kept, across services: settings that change, exporters that go, damage, versions, a directory in use. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRecordLog } from '../../../src/service/storage/log/record-log.ts';
import { bodyOf, startChild } from '../../conformance/child.ts';
import { command } from '../../tools/cli/run-command.ts';
import { until } from '../../until.ts';
import { startFrom } from '../graph/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';

const skip = process.platform === 'win32';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'meterbridge-keep-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const yamlOf = (settings: object, name = 'prometheus') =>
  JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: { [name]: { endpoint: '127.0.0.1:0', ...settings } },
    service: { telemetry: { metrics: { level: 'none' } }, pipelines: { metrics: { receivers: ['otlp'], exporters: [name] } } },
  });

async function started(t: TestContext, keep: string, settings: object = {}, name?: string) {
  const service = await startFrom(t, yamlOf(settings, name), undefined, { keep });
  const url = (part: string) =>
    service.urls().findLast((one) => (part === 'page' ? !one.includes('/v1/') : one.includes('/v1/'))) as string;
  return {
    ...service,
    async add(series: string, value: number, from = 1, to = from + 1): Promise<void> {
      const attributes = [{ key: 'series', value: { stringValue: series } }];
      const point = { attributes, startTimeUnixNano: String(from), timeUnixNano: String(to), asInt: String(value) };
      const metric = { name: 'runs', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [point] } };
      const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
      const answer = await send(new URL(url('otlp')).host, { headers: { 'content-type': 'application/json' }, body });
      assert.deepEqual([answer.status, String(answer.body)], [200, '{}']);
    },
    /** `NAME SERIES VALUE` of each line. */
    async shown(): Promise<readonly string[]> {
      let page: string | undefined;
      await until('a page', async () => {
        page = await bodyOf(url('page'));
        return page !== undefined;
      });
      return [...(page as string).matchAll(/^(\w+)\{.*series="(\w+)".*\} (\S+)$/gm)].map(
        ([, name, series, value]) => `${name} ${series} ${value}`,
      );
    },
  };
}

/** As they are after SIGKILL. */
function copyOf(t: TestContext, directory: string): string {
  const copy = folder(t);
  cpSync(directory, copy, { recursive: true, filter: (path) => !/\.(lock|owner\.\d+)$/.test(path) });
  return copy;
}

test('sums and starts go on after an end in order and after a crash, also twice', { skip }, async (t) => {
  const keep = folder(t);
  const first = await started(t, keep);
  await first.add('a', 5);
  await first.shutdown();
  const second = await started(t, keep);
  assert.deepEqual(await second.shown(), ['runs_total a 5']);
  await second.add('a', 2, 2);
  const third = await started(t, copyOf(t, keep));
  assert.deepEqual(await third.shown(), ['runs_total a 7']);
  await third.add('a', 1, 3);
  assert.deepEqual(await third.shown(), ['runs_total a 8']);
});

test('an exporter whose settings change loads what it had, and says so; one that is gone leaves its files', {
  skip,
}, async (t) => {
  const keep = folder(t);
  const service = await started(t, keep);
  await service.add('a', 5);
  assert.equal((await service.changeTo(yamlOf({ namespace: 'shop', const_labels: { zone: 'z' } }))).outcome, 'done');
  assert.deepEqual(await service.shown(), ['shop_runs_total a 5']);
  assert.match(
    service.log(),
    /settings have changed that decide what series are called: 1 of 1 series that were kept in \S+ \(prometheus\) fit/,
  );
  await service.add('a', 1, 2);
  assert.equal((await service.changeTo(yamlOf({}, 'prometheus/other'))).outcome, 'done');
  assert.match(
    service.log(),
    /has series of an exporter that is not in the configuration: they stay in meterbridge-\*prometheus-\*\.segment/,
  );
  assert.deepEqual(await service.shown(), []);
  assert.equal((await service.changeTo(yamlOf({}))).outcome, 'done');
  assert.deepEqual(await service.shown(), ['runs_total a 6']);
});

test('a series whose sender has died meanwhile expires by its own clock', { skip }, async (t) => {
  const keep = folder(t);
  const service = await started(t, keep, { metric_expiration: '1500ms' });
  await service.add('a', 5);
  await sleep(1_000);
  await service.add('b', 5);
  const crashed = copyOf(t, keep);
  await sleep(600);
  const next = await started(t, crashed, { metric_expiration: '1500ms' });
  await until('a has expired', async () => !(await next.shown()).includes('runs_total a 5'));
  await until('all have expired', async () => (await next.shown()).length === 0);
});

test('a sum that expired goes on behind a restart, after an end in order and after a crash', { skip }, async (t) => {
  const keep = folder(t);
  const settings = { metric_expiration: '500ms' };
  const first = await started(t, keep, settings);
  await first.add('a', 5);
  await until('a has expired', async () => (await first.shown()).length === 0);
  const crashed = await started(t, copyOf(t, keep), settings);
  assert.deepEqual(await crashed.shown(), []);
  await crashed.add('a', 2, 10);
  assert.deepEqual(await crashed.shown(), ['runs_total a 7']);
  await first.shutdown();
  const second = await started(t, keep, settings);
  assert.deepEqual(await second.shown(), []);
  await second.add('a', 3, 20);
  assert.deepEqual(await second.shown(), ['runs_total a 8']);
});

test('damage costs what it hit, and is named', { skip }, async (t) => {
  const keep = folder(t);
  const service = await started(t, keep);
  await service.add('a', 5);
  await service.shutdown();
  const next = await started(t, keep);
  await next.add('b', 7);
  const crashed = copyOf(t, keep);
  const file = readdirSync(crashed).findLast((name) => name.startsWith('meterbridge-prometheus-')) as string;
  const bytes = readFileSync(join(crashed, file));
  const at = bytes.indexOf('runs');
  assert.ok(at > 0);
  bytes[at] = 0;
  writeFileSync(join(crashed, file), bytes);
  const last = await started(t, crashed);
  assert.deepEqual(await last.shown(), ['runs_total a 5']);
  assert.match(last.log(), new RegExp(`${file} is damaged`));
  await last.add('b', 1, 2);
  assert.deepEqual((await last.shown()).toSorted(), ['runs_total a 5', 'runs_total b 1']);
});

test('records of another version are refused, and stay', { skip }, async (t) => {
  const keep = folder(t);
  const log = await openRecordLog({ directory: keep, name: 'prometheus', fsync: false, maxBytes: 0, warn: () => {} });
  await log.append(new Uint8Array(100).fill(2), 1);
  await log.close();
  const before = readdirSync(keep);
  await assert.rejects(started(t, keep), /has version 2 .* reads 1/);
  assert.deepEqual(
    readdirSync(keep).filter((name) => name.endsWith('.segment')),
    before,
  );
});

test('a second service on the directory does not start, and says who has it', { skip }, async (t) => {
  const keep = folder(t);
  await started(t, keep);
  const other = startChild(t, process.execPath, [...command, 'serve', '--config', `yaml:${yamlOf({})}`, '--keep', keep]);
  const said = `${keep} is in use by the process ${process.pid}`;
  await until('it has ended', () => other.stderr().includes(said));
});
