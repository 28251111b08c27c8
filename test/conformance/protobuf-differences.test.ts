/**
 * Where pages in protobuf may differ from the Collector's: both get the same points, and both pages are decoded by Prometheus'
 * own library.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { until } from '../until.ts';
import { startCollector } from './collector.ts';
import { decodeFamilies } from './go-parsers.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { startService } from './service.ts';

const accept = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

interface Family {
  readonly name: string;
  readonly unit?: string;
  readonly metric?: readonly {
    readonly label?: readonly { readonly name: string; readonly value: string }[];
    readonly counter?: { readonly createdTimestamp?: string };
    readonly histogram?: {
      readonly createdTimestamp?: string;
      readonly sampleCount?: string;
      readonly sampleSum?: number;
      readonly schema?: number;
    };
  }[];
}

const ms = 1_000_000n;

function request(at: bigint): string {
  const total = (name: string, start: bigint) => ({
    attributes: [{ key: 'start', value: { stringValue: name } }],
    ...(start > 0n && { startTimeUnixNano: String(start) }),
    timeUnixNano: String(at),
    asDouble: 1,
  });
  const native = (name: string, scale: number, count: number) => ({
    attributes: [{ key: 'case', value: { stringValue: name } }],
    startTimeUnixNano: String(at - 1_000n * ms),
    timeUnixNano: String(at),
    count: String(count),
    sum: 12,
    scale,
    positive: { offset: 0, bucketCounts: ['3'] },
  });
  const totals = [total('none', 0n), total('its own time', at), total('before', at - 5_000n * ms)];
  const metrics = [
    { name: 'jobs', unit: 's', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: totals } },
    {
      name: 'sizes',
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [{ timeUnixNano: String(at), count: '1', sum: 1, explicitBounds: [2], bucketCounts: ['1', '0'] }],
      },
    },
    {
      name: 'waits',
      exponentialHistogram: { aggregationTemporality: 2, dataPoints: [native('plain', 0, 3), native('too coarse', -5, 3)] },
    },
  ];
  return JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics: [{ metrics }] }] });
}

async function familiesAt(url: string): Promise<readonly Family[]> {
  const response = await fetch(url, { headers: { accept } });
  assert.match(response.headers.get('content-type') ?? '', /^application\/vnd\.google\.protobuf/);
  const { families, error } = decodeFamilies(Buffer.from(await response.arrayBuffer()), accept);
  assert.equal(error, undefined);
  return families as unknown as readonly Family[];
}

/** Of the family that begins so. */
function byLabel(families: readonly Family[], begin: string, label: string) {
  const metrics = families.find(({ name }) => name.startsWith(begin))?.metric ?? [];
  return Object.fromEntries(metrics.map((metric) => [metric.label?.find(({ name }) => name === label)?.value ?? '', metric]));
}

test('starts, units and histograms that have no native buckets', async (t: TestContext) => {
  const [binary, parsers] = [requirePeer(t, 'collector'), requirePeer(t, 'goParsers')];
  if (binary === undefined || parsers === undefined) return;
  const atEnd = inReverse(t);
  const collector = await startCollector(t, binary);
  atEnd(collector.stop);
  const service = await startService(t, { prometheus: { endpoint: '127.0.0.1:0' } });
  atEnd(service.stop);
  const at = BigInt(Date.now()) * ms;
  for (const endpoint of [collector.endpoint, service.endpoint]) {
    const response = await fetch(`${endpoint}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: request(at),
    });
    assert.equal(response.status, 200, await response.text());
  }
  const shown = async (url: string) => {
    let families: readonly Family[] = [];
    await until('shown', async () => {
      families = await familiesAt(url);
      return families.some(({ name }) => name.startsWith('waits'));
    });
    return families;
  };
  const theirs = await shown(collector.page);
  const ours = await shown(service.page);

  const starts = (families: readonly Family[]) =>
    Object.fromEntries(
      Object.entries(byLabel(families, 'jobs', 'start')).map(([name, { counter }]) => [name, counter?.createdTimestamp]),
    );
  const time = (nanos: bigint) => new Date(Number(nanos / ms)).toISOString();
  const instants = (of: Readonly<Record<string, string | undefined>>) =>
    Object.fromEntries(Object.entries(of).map(([name, text]) => [name, text && new Date(text).toISOString()]));
  const before = time(at - 5_000n * ms);
  assert.deepEqual(instants(starts(ours)), { none: undefined, 'its own time': undefined, before });
  assert.deepEqual(instants(starts(theirs)), { none: undefined, 'its own time': time(at), before });
  const ofSizes = (families: readonly Family[]) => byLabel(families, 'sizes', 'none')['']?.histogram?.createdTimestamp;
  assert.deepEqual([ofSizes(ours), ofSizes(theirs)], [undefined, undefined]);

  const unit = (families: readonly Family[]) => families.find(({ name }) => name.startsWith('jobs'))?.unit;
  assert.deepEqual([unit(ours), unit(theirs)], ['seconds', undefined]);

  const { plain, 'too coarse': coarse } = byLabel(ours, 'waits', 'case');
  assert.deepEqual([plain?.histogram?.schema, coarse?.histogram?.schema], [0, undefined]);
  assert.deepEqual([coarse?.histogram?.sampleCount, coarse?.histogram?.sampleSum], ['3', 12]);
  assert.deepEqual(Object.keys(byLabel(theirs, 'waits', 'case')), ['plain']);
});
