/**
 * Two lines for what Prometheus takes as one series: "A label with an empty label value is considered equivalent to a label that
 * does not exist" ("Data model"). Of a scrape it stores one sample a series, and drops the others: the page fails.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageFormat } from '../../../../src/tools/check/page/protocol.ts';
import { readPage } from '../../../../src/tools/check/page/read-page.ts';

async function errorsOf(format: PageFormat, page: string | Uint8Array) {
  const bytes = async function* () {
    yield Buffer.from(page);
  };
  const { findings } = await readPage(bytes(), { source: 'page', format, maxBytes: 1e9 });
  return findings.filter(({ severity }) => severity === 'error').map(({ id, line, column, got }) => [id, line, column, got]);
}

/** `MetricFamily` a, a gauge, delimited. */
function family(...series: readonly (readonly [labels: readonly (readonly [string, string])[], value: number])[]): Uint8Array {
  const field = (tag: number, content: Uint8Array | string): Buffer => {
    const bytes = Buffer.from(content);
    return Buffer.concat([Buffer.of(tag, bytes.length), bytes]);
  };
  const metrics = series.map(([labels, value]) => {
    const double = Buffer.alloc(9, 0x09);
    double.writeDoubleLE(value, 1);
    const pairs = labels.map(([name, text]) => field(0x0a, Buffer.concat([field(0x0a, name), field(0x12, text)])));
    return field(0x22, Buffer.concat([...pairs, field(0x12, double)]));
  });
  const message = Buffer.concat([field(0x0a, 'a'), Buffer.of(0x18, 1), ...metrics]);
  return Buffer.concat([Buffer.of(message.length), message]);
}

for (const format of ['text', 'openmetrics'] as const) {
  const pageOf = (...lines: readonly string[]) =>
    ['# HELP a A.', '# TYPE a gauge', ...lines, ...(format === 'text' ? [] : ['# EOF']), ''].join('\n');

  test(`${format}: the same series twice, each with the line of the first`, async () => {
    const page = pageOf('a{b="c"} 1', 'a{b="d"} 1', 'a{b="d"} 1', 'a{b="d"} 2');
    assert.deepEqual(await errorsOf(format, page), [
      ['series-twice', 5, 1, 'as on line 4: a{b="d"} 1'],
      ['series-twice', 6, 1, 'as on line 4: a{b="d"} 2'],
    ]);
  });

  test(`${format}: an empty label is none, whichever of both has it`, async () => {
    assert.deepEqual(await errorsOf(format, pageOf('a{x="1"} 26800', 'a{x="1",b=""} 268')), [
      ['series-empty-label', 4, 1, 'as on line 3: a{x="1",b=""} 268'],
    ]);
    assert.deepEqual(await errorsOf(format, pageOf('a{b="",c=""} 1', 'a 2')), [
      ['series-empty-label', 4, 1, 'as on line 3: a 2'],
    ]);
    assert.deepEqual(await errorsOf(format, pageOf('a{b=""} 1', 'a{b="x"} 2', 'a{b="",c="x"} 2')), []);
  });
}

test('of a histogram: its buckets, sum and count', async () => {
  const lines = (labels: string) =>
    `h_bucket{${labels}le="+Inf"} 1\nh_sum{${labels.replace(/,$/, '')}} 1\nh_count{${labels.replace(/,$/, '')}} 1\n`;
  const errors = await errorsOf('text', `# HELP h H.\n# TYPE h histogram\n${lines('a="1",')}${lines('a="1",b="",')}`);
  assert.deepEqual(
    errors.map(([id, line, , got]) => [id, line, String(got).split(':')[0]]),
    [
      ['series-empty-label', 6, 'as on line 3'],
      ['series-empty-label', 7, 'as on line 4'],
      ['series-empty-label', 8, 'as on line 5'],
    ],
  );
});

test('protobuf: samples by their places in the family', async () => {
  const one = [['b', 'c']] as const;
  const empty = [...one, ['d', '']] as const;
  assert.deepEqual(await errorsOf('protobuf', family([one, 1], [[['b', 'e']], 1], [empty, 2], [one, 3])), [
    ['series-empty-label', undefined, undefined, 'as in sample 1: a{b="c",d=""} 2 (message 1, byte 1)'],
    ['series-twice', undefined, undefined, 'as in sample 1: a{b="c"} 3 (message 1, byte 1)'],
  ]);
});

test('beyond the findings that are listed, the page still fails', async () => {
  const wrong = Array.from({ length: 101 }, (_, at) => `g${at} 1\napart{x="${at}"} 1\n`).join('');
  const errors = await errorsOf('text', `${wrong}# TYPE a gauge\na 1\na{b=""} 1\n`);
  assert.deepEqual(
    errors.map(([id]) => id),
    ['more-findings'],
  );
});
