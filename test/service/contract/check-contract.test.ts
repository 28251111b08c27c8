/** What senders send, held against a contract: by a service in this process, over real sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, histogram, oneOf, parameter } from '../../../src/core/contract/index.ts';
import type { Verdict } from '../../../src/service/component.ts';
import { createContractCheck } from '../../../src/service/contract/check-contract.ts';
import { createMemoryBudget } from '../../../src/service/memory/budget.ts';
import { batchOfJson } from '../../../src/service/plugin/batch-of-json.ts';
import { noOwnMetrics, type Rig, startFrom } from '../graph/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';

const shop = contract('shop', {
  jobs: counter({ unit: '{job}', help: 'Jobs.', labels: { status: oneOf('done', 'failed') } }),
  queue: gauge({ unit: '{job}', help: 'Waiting jobs.' }),
  duration: histogram({ unit: 's', help: 'Time of a job.', bounds: [0.1, 1] }),
});

const attributes = (given: Readonly<Record<string, string>>) =>
  Object.entries(given).map(([key, stringValue]) => ({ key, value: { stringValue } }));
const point = (asInt: number, labels: Readonly<Record<string, string>> = {}) => ({
  asInt: String(asInt),
  timeUnixNano: '1',
  attributes: attributes(labels),
});
const sum = (...dataPoints: object[]) => ({ sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } });
const buckets = (...explicitBounds: number[]) => ({
  histogram: {
    aggregationTemporality: 2,
    dataPoints: [
      { timeUnixNano: '1', count: '1', sum: 1, explicitBounds, bucketCounts: [...explicitBounds.map(() => '0'), '1'] },
    ],
  },
});

function requestOf(metrics: readonly object[], service = 'svc', scope = 'x') {
  return {
    resourceMetrics: [
      { resource: { attributes: attributes({ 'service.name': service }) }, scopeMetrics: [{ scope: { name: scope }, metrics }] },
    ],
  };
}

async function start(
  t: Parameters<typeof startFrom>[0],
  refuse: boolean,
): Promise<Rig & { send(body: object): Promise<unknown>; page(): Promise<string> }> {
  const yaml = `
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0'}}}}
exporters: {prometheus: {endpoint: '127.0.0.1:0', without_scope_info: true}}
service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}`;
  const rig = await startFrom(t, yaml, undefined, { contract: { contract: shop, refuse } });
  const url = (mark: RegExp) => rig.urls().find((one) => mark.test(one)) ?? '';
  return {
    ...rig,
    async send(body) {
      const answer = await send(new URL(url(/v1/)).host, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 200);
      return JSON.parse(answer.body.toString());
    },
    page: async () => (await fetch(url(/[0-9]\/metrics$/))).text(),
  };
}

const good = [
  { name: 'shop.jobs', unit: '{job}', ...sum(point(1, { status: 'done', extra: 'x' }), point(2, { status: 'failed' })) },
  { name: 'shop.queue', unit: '{job}', gauge: { dataPoints: [point(3)] } },
  { name: 'shop.duration', unit: 's', ...buckets(0.1, 1) },
  // Of another meter.
  { name: 'http.requests', ...sum(point(4)) },
];

const bad: readonly (readonly [metric: object, says: RegExp, points: number])[] = [
  [
    { name: 'shop.nothing', ...sum(point(1)) },
    /"shop\.nothing" of job "svc" breaks the contract shop: it has no metric of that name/,
    1,
  ],
  [
    { name: 'shop.jobs', unit: '{job}', gauge: { dataPoints: [point(1, { status: 'done' }), point(2, { status: 'failed' })] } },
    /"shop\.jobs" .*: it is no counter/,
    2,
  ],
  [
    { name: 'shop.queue', unit: '{task}', gauge: { dataPoints: [point(1)] } },
    /"shop\.queue" .*: its unit is "\{task\}", not "\{job\}"/,
    1,
  ],
  [{ name: 'shop.duration', unit: 's', ...buckets(0.1, 2) }, /"shop\.duration" .*: its bounds are not 0\.1, 1/, 1],
  [
    { name: 'shop.jobs', unit: '{job}', ...sum(point(1, { status: 'lost' }), point(2, { status: 'done' })) },
    /"shop\.jobs" .*: status is "lost", not one of done, failed/,
    1,
  ],
  [{ name: 'shop.jobs', unit: '{job}', ...sum(point(1)) }, /"shop\.jobs" .*: status is absent, not one of done, failed/, 1],
];

for (const refuse of [false, true]) {
  const how = refuse ? 'refused' : 'shown';

  test(`what keeps the contract passes (${how})`, async (t) => {
    const { send, log, page } = await start(t, refuse);
    assert.deepEqual(await send(requestOf(good)), {});
    assert.doesNotMatch(log(), /breaks the contract/);
    assert.match(await page(), /^shop_jobs_total\{extra="x",job="svc",status="done"\} 1$/m);
  });

  for (const [metric, says, points] of bad)
    test(`${says.source} (${how})`, async (t) => {
      const { send, log, page } = await start(t, refuse);
      const expected = refuse
        ? { partialSuccess: { rejectedDataPoints: String(points), errorMessage: 'breaks the contract shop' } }
        : {};
      for (let times = 0; times < 2; times++) assert.deepEqual(await send(requestOf([metric, ...good.slice(1)])), expected);
      assert.match(log(), says);
      assert.equal(log().match(/breaks the contract shop:/g)?.length, 1, 'told once');
      await send(requestOf([metric], 'other'));
      assert.match(log(), /of job "other" breaks the contract/);
      const shown = await page();
      assert.match(shown, /^shop_queue(_|\{).*3$/m, 'the rest is taken');
      assert.match(shown, /^http_requests_total\{job="svc"\} 4$/m);
      if (refuse) assert.doesNotMatch(shown, /shop_nothing|status="lost"|le="2"/);
    });
}

test('a meter with the name of the contract has no other metrics', async (t) => {
  const { send, log } = await start(t, true);
  assert.deepEqual(await send(requestOf([{ name: 'elsewhere', ...sum(point(1)) }], 'svc', 'shop')), {
    partialSuccess: { rejectedDataPoints: '1', errorMessage: 'breaks the contract shop' },
  });
  assert.match(log(), /"elsewhere" of job "svc" breaks the contract shop: it has no metric of that name/);
});

test('what breaks the contract does not make a success of an error behind it, and is counted beside what is not taken', async () => {
  const holds = createContractCheck({ contract: shop, refuse: true, tell() {}, count() {}, memory: createMemoryBudget(2 ** 30) });
  const wrong = { name: 'shop.none', ...sum(point(1)) };
  const consume = (verdict: Verdict) => holds(() => verdict)(batchOfJson(requestOf([wrong, ...good])));
  for (const verdict of [
    { points: 3, why: 'full', retryable: true },
    { points: 3, why: 'a has failed', error: 'retryable' },
    { points: 3, why: 'no such tenant', error: 'permanent' },
  ] as const)
    assert.deepEqual(consume(verdict), verdict);
  assert.deepEqual(consume({ points: 2, why: 'others have it', partly: true }), {
    points: 3,
    why: 'breaks the contract shop; others have it',
    partly: true,
  });
});

test('constant labels, and one value of what the program decides within a resource', () => {
  const said: string[] = [];
  const hosted = contract(
    'crew',
    { load: gauge({ help: 'Load.' }) },
    { constantLabels: { site: 'north', host: parameter('of the service') } },
  );
  const holds = createContractCheck({
    ...{ contract: hosted, refuse: true, count() {}, memory: createMemoryBudget(2 ** 30) },
    tell: (line) => said.push(line),
  });
  const request = (service: string, ...points: readonly Readonly<Record<string, string>>[]) =>
    requestOf([{ name: 'crew.load', gauge: { dataPoints: points.map((labels) => point(1, labels)) } }], service);
  const lost = (body: ReturnType<typeof request>) => {
    const verdict = holds(() => undefined)(batchOfJson(body)) as { readonly points: number } | undefined;
    return verdict?.points ?? 0;
  };
  const [a, b] = [
    { site: 'north', host: 'a' },
    { site: 'north', host: 'b' },
  ];
  assert.equal(lost(request('one', a, { ...a, more: 'x' })), 0);
  assert.equal(lost(request('one', b)), 0, 'another request may be of another program');
  const [first, second] = [request('one', a), request('two', b)];
  assert.equal(lost({ resourceMetrics: [...first.resourceMetrics, ...second.resourceMetrics] }), 0, 'each resource has its own');
  assert.equal(lost(request('three', a, b, a)), 1);
  assert.equal(lost(request('four', { site: 'north' })), 1);
  assert.equal(lost(request('five', { ...a, site: 'south' })), 1);
  assert.deepEqual(said, [
    '"crew.load" of job "three" breaks the contract crew: host is "b", and "a" in another series of its resource',
    '"crew.load" of job "four" breaks the contract crew: host is absent, and every series has one value of it',
    '"crew.load" of job "five" breaks the contract crew: site is "south", not "north"',
  ]);
});
