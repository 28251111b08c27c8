/**
 * What the lenient reader says of pages that Prometheus reads, and of those that it rejects; textparse of Prometheus 3.14 gave
 * these verdicts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from '../../../../src/formats/exposition/parse/findings.ts';
import { createExpositionReader, type Finding, readExposition } from '../../../../src/formats/exposition/parse/reader.ts';

function read(format: 'openmetrics' | 'text', text: string | Uint8Array) {
  const samples: string[] = [];
  const reader = createExpositionReader({
    format,
    mode: 'lenient',
    onSample: ({ name, labels, value }) => samples.push(`${name}${JSON.stringify(labels)} ${value}`),
  });
  reader.write(Buffer.from(text));
  return { ...reader.end(), samples };
}

const short = ({ id, line, column, rejected }: Finding) => `${line}:${column} ${id}${rejected ? ' rejected' : ''}`;

const cases: readonly (readonly [string, 'openmetrics' | 'text', string, readonly string[], readonly string[]])[] = [
  ['a comma before the brace', 'openmetrics', 'a{b="c",} 1\n# EOF\n', ['a[["b","c"]] 1'], ['1:8 label-last-comma']],
  ['a quoted name behind a label', 'openmetrics', '{b="c","a.b"} 1\n# EOF\n', ['a.b[["b","c"]] 1'], ['1:13 label-equals']],
  ['a counter without _total', 'openmetrics', '# TYPE a counter\na 1\n# EOF\n', ['a[] 1'], ['2:1 counter-name']],
  [
    'a counter whose TYPE has the _total',
    'openmetrics',
    '# TYPE a_total counter\na_total 1\n# EOF\n',
    ['a_total[] 1'],
    ['2:1 counter-name'],
  ],
  [
    'a family in two pieces',
    'openmetrics',
    'a 1\nb 1\na{c="d"} 2\n# EOF\n',
    ['a[] 1', 'b[] 1', 'a[["c","d"]] 2'],
    ['3:1 family-apart'],
  ],
  ['a unit that is no suffix', 'openmetrics', '# UNIT a seconds\na 1\n# EOF\n', ['a[] 1'], ['1:1 family-unit rejected']],
  ['no EOF', 'openmetrics', 'a 1\n', ['a[] 1'], ['1:1 line-no-eof rejected']],
  ['a blank line', 'openmetrics', 'a 1\n\nb 1\n# EOF\n', ['a[] 1', 'b[] 1'], ['2:1 line-blank rejected']],
  ['no line feed at the end', 'text', 'a 1', ['a[] 1'], ['1:4 line-no-feed']],
  ['an unknown escape', 'text', 'a{b="\\d"} 1\n', ['a[["b","\\\\d"]] 1'], ['1:6 escape']],
  ['no comma between labels', 'text', 'a{b="c"d="e"} 1\n', ['a[["b","c"],["d","e"]] 1'], ['1:8 label-separator']],
  ['a blank before a name', 'text', ' a 1\n', [' a[] 1'], ['1:1 name-blanks']],
  ['a label over two lines', 'text', 'a{b="c\nd"} 1\ne 1\n', ['a[["b","c\\nd"]] 1', 'e[] 1'], ['1:5 quote-open']],
  ['a quote that stays open', 'text', 'a{b="c} 1\ne 1\n', ['e[] 1'], ['1:5 quote-open rejected']],
  ['a carriage return', 'text', 'a 1\r\nb 1\n', ['b[] 1'], ['1:4 line-end rejected']],
  ['a page that a byte 0 ends', 'text', 'a 1\n\0\nb 1\n', ['a[] 1'], ['2:1 line-nul']],
  ['the same series twice', 'text', 'a 1\na 2\n', ['a[] 1', 'a[] 2'], ['2:1 series-twice']],
  [
    'a series, and the same with an empty label',
    'openmetrics',
    'a{b="c"} 1\na{b="c",d=""} 2\n# EOF\n',
    ['a[["b","c"]] 1', 'a[["b","c"],["d",""]] 2'],
    ['2:1 series-empty-label'],
  ],
  ['an empty label of a series that has no other', 'text', 'a{d=""} 2\na{e="f"} 1\n', ['a[["d",""]] 2', 'a[["e","f"]] 1'], []],
  ['the same series at two times', 'text', 'a{d=""} 2 1000\na 1 2000\n', ['a[["d",""]] 2', 'a[] 1'], []],
  [
    'an incomplete histogram',
    'text',
    '# TYPE h histogram\nh_bucket{le="1"} 1\n',
    ['h_bucket[["le","1"]] 1'],
    ['2:1 bucket-infinite'],
  ],
  ['a label twice', 'text', 'a{b="c",b="d"} 1\n', [], ['1:9 label-twice rejected']],
];

for (const [name, format, text, samples, found] of cases) {
  test(`${format}: ${name}`, () => {
    const got = read(format, text);
    assert.deepEqual([got.samples, got.findings.map(short)], [samples, found]);
    assert.equal(got.ok, !found.some((finding) => finding.endsWith('rejected')));
  });
}

test('bytes that are not UTF-8', () => {
  const page = Buffer.concat([Buffer.from('a{b="'), Buffer.of(0xff), Buffer.from('"} 1\nc{d="ä"} 1\n')]);
  const {
    ok,
    samples,
    findings: [finding],
  } = read('text', page);
  assert.deepEqual(
    [ok, samples.at(-1), finding?.id, finding?.line, finding?.column],
    [false, 'c[["d","ä"]] 1', 'line-utf-8', 1, 6],
  );
});

test('a line that is too long costs that line alone, in strict mode too', () => {
  const page = `a 1\nb{c="${'x'.repeat(2 ** 21)}"} 1\nd 1\n`;
  for (const mode of ['strict', 'lenient'] as const) {
    const reader = createExpositionReader({ format: 'text', mode });
    reader.write(Buffer.from(page));
    const { samples, findings: found } = reader.end();
    assert.deepEqual([samples, found.map(short)], [2, ['2:1 limit-line rejected']]);
  }
});

test('a stream, and the families as they end', async () => {
  const families: unknown[] = [];
  async function* chunks() {
    for (const chunk of ['# TYPE a gau', 'ge\n# HELP a B.\na 1', '\nc 2\n']) yield Buffer.from(chunk);
  }
  const { ok } = await readExposition(chunks(), {
    format: 'text',
    onFamily: ({ name, kind, help }) => families.push([name, kind, help]),
  });
  assert.deepEqual(
    [ok, families],
    [
      true,
      [
        ['a', 'gauge', 'B.'],
        ['c', 'unknown', undefined],
      ],
    ],
  );
});

test('every rule has an id, words, a fix and a link', () => {
  for (const [id, { rule, fix, link }] of Object.entries(findings)) {
    assert.match(id, /^[a-z]+(?:-[a-z0-9]+)*$/);
    assert.ok(rule.length > 5 && fix.length > 3 && URL.canParse(link), id);
  }
});
