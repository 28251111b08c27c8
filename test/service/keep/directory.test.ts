/** Which directory series are kept in, and what is said of one that does not do. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bodyOf } from '../../conformance/child.ts';
import { startFrom } from '../graph/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';

const skip = process.platform === 'win32';

const yamlOf = (exporters: Readonly<Record<string, object>>) =>
  JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters,
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { metrics: { receivers: ['otlp'], exporters: Object.keys(exporters) } },
    },
  });
const prometheus = yamlOf({ prometheus: { endpoint: '127.0.0.1:0' } });

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'meterbridge-keep-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('one that cannot be made is named, with its rule and a fix', { skip }, async (t) => {
  const file = join(folder(t), 'file');
  writeFileSync(file, '');
  // Below /proc nothing can be made, though it is there.
  for (const keep of ['', file, join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/nothing/below'] : [])])
    await assert.rejects(startFrom(t, prometheus, undefined, { keep }), (error: Error) => {
      assert.ok(
        error.message.startsWith(`--keep: got ${JSON.stringify(keep)}; it is a directory that is there or can be made`),
        error.message,
      );
      assert.match(error.message, /Fix: make it, or name another one\.$/);
      return true;
    });
});

test('a path that is too long for a socket is locked, too', { skip: process.platform !== 'linux' }, async (t) => {
  const keep = join(folder(t), 'd'.repeat(100), 'e'.repeat(100));
  const service = await startFrom(t, prometheus, undefined, { keep });
  await service.shutdown();
  await (await startFrom(t, prometheus, undefined, { keep })).shutdown();
});

test('without an exporter that has series, it says that nothing is kept', { skip }, async (t) => {
  const service = await startFrom(t, yamlOf({ debug: {} }), undefined, { keep: folder(t) });
  assert.match(service.log(), /warn\t--keep keeps nothing/);
  assert.equal((await service.changeTo(prometheus)).outcome, 'done');
  assert.equal(service.log().match(/--keep keeps nothing/g)?.length, 1);
});

test('families have the order after a restart that they had before it', { skip }, async (t) => {
  const keep = folder(t);
  const first = await startFrom(t, prometheus, undefined, { keep });
  const [page = '', otlp = ''] = first.urls();
  const names = ['zebra', 'ape', 'lion', 'bear', 'fox'];
  for (const value of ['one', 'two']) {
    const attributes = [{ key: 'value', value: { stringValue: value } }];
    const metrics = names.map((name) => ({ name, gauge: { dataPoints: [{ attributes, timeUnixNano: '1', asInt: '1' }] } }));
    const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
    assert.equal((await send(new URL(otlp).host, { headers: { 'content-type': 'application/json' }, body })).status, 200);
  }
  const before = await bodyOf(page);
  assert.deepEqual(
    [...(before ?? '').matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name),
    names,
  );
  await first.shutdown();
  const again = await startFrom(t, prometheus, undefined, { keep });
  assert.equal(await bodyOf(again.urls()[0] as string), before);
});
