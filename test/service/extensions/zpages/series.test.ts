/** What takes up the series of an exporter. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits } from '../../../../src/service/limits.ts';
import { otlp, requestOf, startWithPage, withPage } from './page.ts';

const yaml = withPage(
  `receivers: {otlp: ${otlp}}\nexporters: {prometheus: {endpoint: '127.0.0.1:0', without_scope_info: true}}`,
  '{metrics: {receivers: [otlp], exporters: [prometheus]}}',
);
const store = 'exporter prometheus';
const resource = { 'service.name': 'cart', 'service.instance.id': 'i1' };
const large = { metric: 'large', points: 4_000, resource, attributes: (at: number) => ({ user: `u${at}`, route: `r${at % 7}` }) };
const small = { metric: 'small', points: 3, resource };
const limits = { ...defaultLimits, maxSeries: 10_000, maxFamilies: 50 };
const none = Array(14).fill(null);

test('families by number of series with their churn, and labels by number of distinct values within the stated error', async (t) => {
  const page = await startWithPage(t, yaml, { limits });
  for (const sent of [small, large]) await page.send(requestOf(sent));
  const { stores } = await page.get('series');
  const [{ bytes = 0, created, expired, top, ...known } = { top: [] }] = stores;
  // The table has `target_info` beside what was sent, and what stands over it has the table's counts.
  assert.deepEqual(known, {
    key: store,
    series: 4_004,
    families: 3,
    limited: { series: 4_003, seriesLimit: 10_000, families: 2, familyLimit: 50 },
  });
  assert.equal(
    top.reduce((sum, { series }) => sum + series, 0),
    known.series,
  );
  assert.ok(bytes > 4_003);
  // Beside what was sent, `target_info`.
  assert.deepEqual(
    [created, expired],
    [
      [...none, 4_004],
      [...none, 0],
    ],
  );
  assert.deepEqual(
    top.map(({ name, type, help, series, created: came }) => [name, type, help, series, came.at(-1)]),
    [
      ['large', 'gauge', 'What it is.', 4_000, 4_000],
      ['small', 'gauge', 'What it is.', 3, 3],
      ['target_info', 'gauge', 'Target metadata', 1, 1],
    ],
  );
  const { stores: counted } = await page.get('labels');
  const [{ read, complete, labels } = { labels: [] }] = counted;
  assert.deepEqual([read, complete], [4_004, true]);
  assert.deepEqual(
    labels.filter(({ name }) => name !== 'user'),
    [
      { name: 'route', values: 7, error: 0, series: 4_000 },
      { name: 'at', values: 3, error: 0, series: 3 },
      { name: 'instance', values: 1, error: 0, series: 4_004 },
      { name: 'job', values: 1, error: 0, series: 4_004 },
    ],
  );
  const [user] = labels;
  assert.deepEqual([user?.name, user?.error, user?.series], ['user', 0.05, 4_000]);
  assert.ok(Math.abs((user?.values ?? 0) - 4_000) <= 0.05 * 4_000, String(user?.values));
});

test('one family: its labels without their values, who sends it, its newest value, and queries', async (t) => {
  const page = await startWithPage(t, yaml, { limits });
  await page.send(requestOf(small));
  await page.send(
    requestOf({ ...small, points: 2, resource: { 'service.name': 'desk' }, attributes: (at) => ({ at: `desk${at}` }) }),
  );
  const { at: _, newest, promql, created: _created, expired: _expired, share, ...family } = await page.family(store, 'small');
  assert.deepEqual(family, {
    name: 'small',
    type: 'gauge',
    unit: '',
    help: 'What it is.',
    series: 5,
    store,
    read: 5,
    complete: true,
    labels: [
      { name: 'at', values: 5, error: 0, series: 5 },
      { name: 'job', values: 2, error: 0, series: 5 },
      { name: 'instance', values: 1, error: 0, series: 3 },
    ],
    senders: [
      { job: 'cart', instance: 'i1', series: 3 },
      { job: 'desk', instance: '', series: 2 },
    ],
    conflicts: [],
  });
  // The mean of 0, 1, 2 and 0, 1.
  assert.deepEqual(
    newest.map(({ value }) => value),
    [4 / 5],
  );
  assert.ok(share > 0.5 && share < 1);
  assert.equal(promql[0]?.query, 'avg by (job) (small)');
});

test('values of labels are shown where the service was started so, the most frequent first', async (t) => {
  const page = await startWithPage(t, yaml, { limits, showValues: true });
  await page.send(
    requestOf({ metric: 'm', points: 30, resource, attributes: (at) => ({ at: String(at), route: at < 20 ? '/a' : '/b' }) }),
  );
  const { labels } = await page.family(store, 'm');
  assert.deepEqual(labels.find(({ name }) => name === 'route')?.top, [
    { value: '/a', series: 20 },
    { value: '/b', series: 10 },
  ]);
  assert.equal(labels.find(({ name }) => name === 'at')?.top?.length, 10);
  assert.equal((await page.get('status')).showsValues, true);
});

test('a conflict is named at its family', async (t) => {
  const page = await startWithPage(t, yaml, { limits });
  await page.send(requestOf({ metric: 'http.requests', resource }));
  await page.send(requestOf({ metric: 'http_requests', resource: { 'service.name': 'desk' }, description: 'Another.' }));
  const { conflicts } = await page.family(store, 'http_requests');
  assert.equal(conflicts.length, 1);
  assert.match(conflicts[0] ?? '', /http_requests .*has another description/);
});
