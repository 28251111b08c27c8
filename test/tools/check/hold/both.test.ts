/** What daemons serve against what they push as OTLP/JSON: equal; then one thing is changed, and the finding names it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { compareBoth, createPageValues, holdToContract, type Valued } from '../../../../src/tools/check/hold/index.ts';
import { infer } from '../../../../src/tools/check/infer/infer.ts';
import { readLines } from '../../../../src/tools/check/lines/read-lines.ts';
import { readPage } from '../../../../src/tools/check/page/read-page.ts';
import { daemonNames, daemons } from '../../../conformance/daemons.ts';
import { inReverse } from '../../../conformance/in-reverse.ts';
import { random } from '../../../conformance/random.ts';
import { roads } from '../../../conformance/roads.ts';
import { errorsOf, scrape, short } from './pages.ts';

/** A receiver that keeps each request as a line. */
async function receiver(atEnd: ReturnType<typeof inReverse>) {
  const lines: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    lines.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    server.close();
  });
  return { lines, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function pageOf(text: Uint8Array | string, format: 'text' | 'openmetrics' = 'text'): Promise<Valued> {
  const observer = createPageValues();
  const { observed } = await readPage(Readable.from([Buffer.from(text)]), { source: 'page', format, maxBytes: 1e8, observer });
  return { observed, values: observer.values };
}

const linesOf = (text: string) => readLines({ name: 'lines', bytes: [Buffer.from(text)] });

for (const road of roads.filter(({ name }) => name.endsWith('JSON'))) {
  for (const name of daemonNames) {
    test(`${name}: what is pulled is pushed (${road.name})`, async (t) => {
      // A daemon pushes once more when it closes.
      const atEnd = inReverse(t);
      const { lines, endpoint } = await receiver(atEnd);
      const { contract, start } = daemons[name];
      const generator = random();
      t.diagnostic(`METERBRIDGE_SEED=${generator.seed}`);
      const daemon = await start(generator, endpoint, road);
      atEnd(daemon.close);
      daemon.run(100);
      daemon.advance();
      const page = await pageOf(await scrape(daemon.url, 'text'));
      const inOpenMetrics = await pageOf(await scrape(daemon.url, 'openmetrics'), 'openmetrics');
      await daemon.push();
      const pushed = await linesOf(lines.join('\n'));
      assert.ok(page.values.size > 5, `${page.values.size} values`);
      assert.deepEqual(compareBoth(page, pushed).map(short), []);
      assert.deepEqual(compareBoth(inOpenMetrics, pushed).map(short), []);
      assert.deepEqual(errorsOf(holdToContract(pushed.observed, contract)), []);
      for (const language of ['ts', 'json'] as const) {
        const drafted = infer(pushed.observed, { language });
        const broken = holdToContract(pushed.observed, drafted.contract, { only: true }).filter(
          ({ severity }) => severity !== 'note',
        );
        assert.deepEqual([broken.map(short), [...drafted.left]], [[], []], language);
      }
    });
  }
}

const nanos = '1700000000000000000';
const point = (value: number, key: string, text: string) => ({
  startTimeUnixNano: nanos,
  timeUnixNano: nanos,
  asDouble: value,
  attributes: [{ key, value: { stringValue: text } }],
});
const orders = {
  name: 'shop.orders',
  description: 'Orders.',
  sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point(3, 'status', 'paid'), point(1, 'status', 'failed')] },
};
const pushed = JSON.stringify({
  resourceMetrics: [{ resource: {}, scopeMetrics: [{ scope: { name: 'shop' }, metrics: [orders] }] }],
});
const pulled = `# HELP shop_orders_total Orders.
# TYPE shop_orders_total counter
shop_orders_total{status="paid",note=""} 3
shop_orders_total{status="failed",otel_scope_name="shop",job="j"} 1
# TYPE target_info gauge
target_info{job="j"} 1
`;

test('empty labels, scope, job and target_info make no difference', async () => {
  assert.deepEqual(compareBoth(await pageOf(pulled), await linesOf(pushed)), []);
});

for (const [name, from, to, expected] of [
  [
    'another value',
    '} 3',
    '} 4',
    ['both-value | shop_orders_total | 1 of 2 differ, such as shop_orders_total{status="paid"}: pulled 4, pushed 3'],
  ],
  [
    'another series',
    'status="paid"',
    'status="open"',
    [
      'both-series | shop_orders_total | 1 only pulled, such as shop_orders_total{status="open"}',
      'both-series | shop_orders_total | 1 only pushed, such as shop_orders_total{status="paid"}',
    ],
  ],
  [
    'another type',
    'TYPE shop_orders_total counter',
    'TYPE shop_orders_total gauge',
    ['both-type | shop_orders_total | pulled as gauge, pushed as counter'],
  ],
  ['another help', 'Orders.', 'Or.', ['both-help | shop_orders_total | pulled "Or.", pushed "Orders."']],
  [
    'a family that is not pushed',
    '# TYPE target_info',
    '# TYPE shop_new gauge\nshop_new 1\n# TYPE target_info',
    ['both-series | shop_new | 1 only pulled, such as shop_new{}'],
  ],
] as const) {
  test(`finds ${name}`, async () => {
    const changed = pulled.replace(from, to);
    assert.notEqual(changed, pulled);
    assert.deepEqual(compareBoth(await pageOf(changed), await linesOf(pushed)).map(short), expected);
  });
}
