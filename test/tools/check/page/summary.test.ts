/** What a page exposes, by family. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObservedFamily } from '../../../../src/tools/check/observed.ts';
import { mostValues } from '../../../../src/tools/check/observed.ts';
import type { PageFormat } from '../../../../src/tools/check/page/protocol.ts';
import { readPage } from '../../../../src/tools/check/page/read-page.ts';

async function* chunks(page: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(page);
  for (let from = 0; from < bytes.length; from += 1_000) yield bytes.subarray(from, from + 1_000);
}

async function familiesOf(format: PageFormat, page: string): Promise<ReadonlyMap<string, ObservedFamily>> {
  return (await readPage(chunks(page), { source: 'page', format, maxBytes: 1e9 })).observed.families;
}

test('a histogram is a series, whatever its buckets', async () => {
  const page =
    '# HELP h_seconds Time.\n# TYPE h_seconds histogram\n' +
    ['a', 'b']
      .map(
        (x) =>
          `h_seconds_bucket{x="${x}",le="0.5"} 1\nh_seconds_bucket{x="${x}",le="+Inf"} 2\nh_seconds_sum{x="${x}"} 3\nh_seconds_count{x="${x}"} 2\n`,
      )
      .join('');
  const family = (await familiesOf('text', page)).get('h_seconds');
  assert.equal(family?.kind, 'histogram');
  assert.equal(family.help, 'Time.');
  assert.equal(family.series, 2);
  assert.equal(family.line, 3);
  assert.deepEqual(family.bounds, [[0.5]]);
  assert.deepEqual([...family.labels.keys()], ['x']);
  assert.deepEqual([...(family.labels.get('x')?.values ?? [])], ['a', 'b']);
});

test('a counter of OpenMetrics has its name in text, its unit and its starts', async () => {
  const page =
    '# TYPE a_seconds counter\n# UNIT a_seconds seconds\na_seconds_total{x="1"} 1\na_seconds_created{x="1"} 5\n# EOF\n';
  const families = await familiesOf('openmetrics', page);
  assert.deepEqual([...families.keys()], ['a_seconds_total']);
  const family = families.get('a_seconds_total');
  assert.deepEqual([family?.unit, family?.starts, family?.series], ['seconds', 1, 1]);
});

test('a counter that OpenMetrics names wrongly has the name that Prometheus stores', async () => {
  const page = '# HELP a_total A.\n# TYPE a_total counter\na_total{x="1"} 1\na_total{x="2"} 1\n# TYPE b counter\nb 1\n# EOF\n';
  const families = await familiesOf('openmetrics', page);
  assert.deepEqual(
    [...families.values()].map(({ name, kind, help, series }) => [name, kind, help, series]),
    [
      ['a_total', 'counter', 'A.', 2],
      ['b', 'counter', undefined, 1],
    ],
  );
});

test("a summary's quantiles; a label quantile of a gauge is a label", async () => {
  const families = await familiesOf(
    'text',
    '# TYPE s summary\ns{quantile="0.9"} 1\ns{quantile="0.5"} 1\n# TYPE g gauge\ng{quantile="1"} 1\n',
  );
  assert.deepEqual(families.get('s')?.quantiles, [0.5, 0.9]);
  assert.deepEqual([...(families.get('g')?.labels.keys() ?? [])], ['quantile']);
});

test('many values are estimated within 10 %, and the first ones are kept', async () => {
  const count = 50_000;
  const lines = Array.from({ length: count }, (_, at) => `g{user="user-${at}"} 1\n`);
  const label = (await familiesOf('text', `# TYPE g gauge\n${lines.join('')}`)).get('g')?.labels.get('user');
  assert.equal(label?.values.size, mostValues);
  assert.equal(label.series, count);
  assert.ok(Math.abs(label.distinct - count) < count / 10, String(label.distinct));
});

test('more bytes than allowed', async () => {
  await assert.rejects(
    readPage(chunks('a 1\n'.repeat(1_000)), { source: 'page', format: 'text', maxBytes: 2_000 }),
    /more than 2000 bytes/,
  );
});

test('what Prometheus rejects is an error, what the specification alone forbids a warning', async () => {
  const { findings } = await readPage(chunks('a 1\nb{x="1} 2\n# TYPE c gauge\nc 1\na 2\n'), {
    source: 'page',
    format: 'text',
    maxBytes: 1e6,
  });
  const of = (wanted: string) => findings.filter(({ severity }) => severity === wanted).map(({ line }) => line);
  assert.deepEqual(new Set(of('error')), new Set([2]));
  assert.deepEqual(new Set(of('warning')), new Set([5]));
});
