/** What differs between two pages of one endpoint. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTwice } from '../../../../src/tools/check/lint/twice.ts';
import { readPage } from '../../../../src/tools/check/page/read-page.ts';

type Format = 'openmetrics' | 'text';

async function* bytes(page: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(page);
}

async function idsOf(format: Format, before: string, after: string): Promise<readonly string[]> {
  const twice = createTwice('page', format);
  const end = format === 'openmetrics' ? '# EOF\n' : '';
  await readPage(bytes(before + end), { source: 'page', format, maxBytes: 1e6, observer: twice.first });
  await readPage(bytes(after + end), { source: 'page', format, maxBytes: 1e6, observer: twice.second });
  return twice.findings().map(({ id, family }) => `${id} ${family}`);
}

const counter = (value: number, created?: number): string =>
  `# TYPE a counter\na_total{x="1"} ${value}\n${created === undefined ? '' : `a_created{x="1"} ${created}\n`}`;

const cases: readonly (readonly [string, Format, string, string, readonly string[]])[] = [
  ['a total that grows', 'openmetrics', counter(1, 5), counter(2, 5), []],
  ['a total that falls', 'openmetrics', counter(2, 5), counter(1, 5), ['total-fell a_total']],
  ['a total that falls without a start', 'openmetrics', counter(2), counter(1), ['total-fell a_total']],
  ['a total that starts again', 'openmetrics', counter(2, 5), counter(1, 6), ['total-reset a_total']],
  ['a start that moves alone', 'openmetrics', counter(2, 5), counter(3, 6), ['start-moved a_total']],
  ['a total that goes', 'openmetrics', counter(1, 5), '# TYPE b gauge\nb 1\n', ['series-gone a_total', 'series-changed b']],
  ['a total that comes with a start', 'openmetrics', '', counter(1, 5), []],
  ['a total that comes without', 'openmetrics', '', counter(1), ['new-without-start a_total']],
  [
    'a total in text',
    'text',
    '# TYPE a_total counter\na_total 3\n',
    '# TYPE a_total counter\na_total 2\n',
    ['total-fell a_total'],
  ],
  ['a gauge that falls', 'text', '# TYPE a gauge\na 3\n', '# TYPE a gauge\na 2\n', []],
  ['a sum that falls', 'text', '# TYPE a summary\na_sum 3\na_count 3\n', '# TYPE a summary\na_sum 2\na_count 4\n', []],
  [
    'a count that falls',
    'text',
    '# TYPE a summary\na_sum 3\na_count 3\n',
    '# TYPE a summary\na_sum 3\na_count 2\n',
    ['total-fell a'],
  ],
];
for (const [what, format, before, after, expected] of cases) {
  test(`${what}: ${expected.join() || 'nothing'}`, async () => assert.deepEqual(await idsOf(format, before, after), expected));
}

test('a finding has a series, and what it was before', async () => {
  const twice = createTwice('page', 'text');
  const page = (value: number) => bytes(`# TYPE a_total counter\na_total{x="1"} ${value}\n`);
  await readPage(page(7), { source: 'page', format: 'text', maxBytes: 1e6, observer: twice.first });
  await readPage(page(3), { source: 'page', format: 'text', maxBytes: 1e6, observer: twice.second });
  assert.deepEqual(
    twice.findings().map(({ got, line, severity }) => ({ got, line, severity })),
    [{ got: '1 in a_total, such as a_total{x="1"}: 7, then 3', line: 2, severity: 'error' }],
  );
});
