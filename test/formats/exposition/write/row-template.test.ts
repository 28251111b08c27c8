/**
 * Rows of several lines, time stamps and exemplars, against a model that puts each line together as the formats' documents say.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, exemplarAt, type FamilySpec, type View, writeReceivedExemplar } from '../../../../src/core/store/index.ts';
import { createRenderer, parseExposition, type Rendering, type TextFormat } from '../../../../src/formats/exposition/index.ts';

const base: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: '', labels: ['a', 'zone'], maxAgeMs: 60_000 };
const kinds = ['gauge', 'counter', 'histogram', 'gaugehistogram', 'summary', 'exponential'] as const;
const bounds = [0.5, 1, 10];
const quantiles = [0, 0.5, 1];
/** As the formats write them: canonical numbers of OpenMetrics have a point. */
const texts = {
  text: { le: ['0.5', '1', '10', '+Inf'], q: ['0', '0.5', '1'] },
  openmetrics: { le: ['0.5', '1.0', '10.0', '+Inf'], q: ['0.0', '0.5', '1.0'] },
};

const short = fc.string({ unit: fc.constantFrom('x', 'ü', '"', '\\', '\n', '/', '0'), maxLength: 40 });
const value = fc.oneof(
  { weight: 5, arbitrary: short },
  short.map((text) => `${text}${'y'.repeat(300)}`),
);
const series = fc.record({
  /** Other names than the family's are another shape; `a.b` is changed by the label rules. */
  names: fc.constantFrom(['a', 'zone'], ['a', 'zone'], ['zone', 'a'], ['a'], ['b', 'c', 'd'], [], ['le2', 'a.b']),
  values: fc.array(value, { minLength: 3, maxLength: 3 }),
  cells: fc.array(fc.nat({ max: 2_000_000_000 }), { minLength: 8, maxLength: 8 }),
  timeMs: fc.constantFrom(0, 1, 1_795_357_530_123),
  exemplars: fc.array(fc.constantFrom('none', 'bare', 'trace', 'span', 'both'), { minLength: 4, maxLength: 4 }),
});
type Series = typeof series extends fc.Arbitrary<infer T> ? T : never;
const family = fc.record({ kind: fc.constantFrom(...kinds), timestamps: fc.boolean(), exemplars: fc.boolean() });
type Shape = typeof family extends fc.Arbitrary<infer T> ? T : never;

function specOf({ kind, ...more }: Shape): FamilySpec {
  if (kind === 'exponential') return { ...base, ...more, kind: 'histogram', exponential: { maxSize: 4, maxScale: 2 } };
  return { ...base, ...more, kind, ...(kind.endsWith('histogram') && { bounds }), ...(kind === 'summary' && { quantiles }) };
}

const ids = Uint8Array.from({ length: 24 }, (_, index) => index + 1);
const [traceId, spanId] = ['0102030405060708090a0b0c0d0e0f10', '1112131415161718'];

function exemplarText(which: string): string {
  const trace = which === 'trace' || which === 'both' ? [`trace_id="${traceId}"`] : [];
  const span = which === 'span' || which === 'both' ? [`span_id="${spanId}"`] : [];
  return which === 'none' ? '' : ` # {${[...trace, ...span].join(',')}} 0.25 1.5`;
}

/** The lines of a row in words: suffix, label of the format, value, and which exemplar. */
function modelLines(
  { kind }: Shape,
  { cells }: Series,
  format: TextFormat,
): readonly (readonly [string, string, number, number])[] {
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0] = cells;
  const { le, q } = texts[format];
  const g = kind === 'gaugehistogram' && format === 'openmetrics' ? 'g' : '';
  if (kind === 'gauge') return [['', '', c0, -1]];
  if (kind === 'counter') return [['_total', '', c0, 0]];
  if (kind === 'summary')
    return [
      ...[c2, c3, c4].map((v, at) => ['', `quantile="${q[at]}"`, v, -1] as const),
      ['_sum', '', c1, -1],
      ['_count', '', c0, -1],
    ];
  if (kind === 'exponential')
    return [
      ['_bucket', 'le="+Inf"', c0, 0],
      ['_sum', '', c1, -1],
      ['_count', '', c0, -1],
    ];
  const sums = [c0, c0 + c1, c0 + c1 + c2, c0 + c1 + c2 + c3];
  return [
    ...sums.map((v, at) => ['_bucket', `le="${le[at]}"`, v, at] as const),
    [`_${g}sum`, '', c4, -1],
    [`_${g}count`, '', sums[3] as number, -1],
  ];
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function model(shape: Shape, one: Series, format: TextFormat): readonly string[] {
  const own = one.names.map((name, at) => `${name.replace('.', '_')}="${escaped(one.values[at] as string)}"`);
  const time = format === 'text' ? one.timeMs : one.timeMs / 1_000;
  return modelLines(shape, one, format).map(([suffix, label, number, exemplar]) => {
    const labels = [...own, ...(label === '' ? [] : [label])].join(',');
    const stamp = shape.timestamps && one.timeMs !== 0 ? ` ${time}` : '';
    const example =
      format === 'openmetrics' && shape.exemplars && exemplar >= 0 ? exemplarText(one.exemplars[exemplar] as string) : '';
    return `app_x${suffix}${labels === '' ? '' : `{${labels}}`} ${number}${stamp}${example}`;
  });
}

function fill(shape: Shape, all: readonly Series[]) {
  const store = createStore();
  const made = store.source({ scope: { name: 'test' } }).family(specOf(shape), true);
  const { rowLayout, stride } = made;
  const rows = all.map(({ names, values, cells, timeMs, exemplars }) => {
    const row = made.row({ names, values: values.slice(0, names.length) }, 0);
    const at = row * stride;
    for (let cell = 0; cell < 5; cell++) if (cell < rowLayout.valueCells) made.cells[at + cell] = cells[cell] as number;
    if (rowLayout.form === 'exponential')
      made.cells.set([cells[0] as number, cells[1] as number].map(Number), at + Math.min(rowLayout.count, rowLayout.sum));
    if (rowLayout.form === 'exponential') made.cells[at + rowLayout.count] = cells[0] as number;
    if (rowLayout.form === 'exponential') made.cells[at + rowLayout.sum] = cells[1] as number;
    if (rowLayout.timestamp !== undefined) made.cells[at + rowLayout.timestamp] = timeMs;
    // Of exponential buckets text shows the newest.
    const places = rowLayout.form === 'exponential' ? Math.min(1, rowLayout.exemplars) : rowLayout.exemplars;
    for (let index = 0; index < places; index++) {
      const which = exemplars[index];
      const found = {
        bytes: ids,
        traceAt: which === 'trace' || which === 'both' ? 0 : -1,
        spanAt: which === 'span' || which === 'both' ? 16 : -1,
      };
      if (which !== 'none')
        writeReceivedExemplar(made.cells, at + exemplarAt(rowLayout, index), { value: 0.25, timeMs: 1_500, ...found });
    }
    return row;
  });
  return { view: store.view, made, rows };
}

/** What a page of the view would be, its end excluded, by the measure that decides what is left out. */
async function measured(view: View, format: TextFormat, maxBytes: number): Promise<number | undefined> {
  const renderer = createRenderer(view, { owners: { of: () => 1, nameOf: () => 'all' } });
  const { omitted } = (await renderer.render(format, { maxBytes })) as Rendering;
  return omitted.find(({ reason }) => reason === 'size')?.bytes;
}

/** Rows that come out as one series are another test's. */
const distinct = fc.uniqueArray(series, {
  selector: ({ names, values }) =>
    names
      .map((name, at) => `${name}=${values[at]}`)
      .sort()
      .join('\n'),
  maxLength: 6,
});

for (const format of ['text', 'openmetrics'] as const) {
  test(`${format}: the lines of any rows, at a first and a second rendering, and after one has left`, async () => {
    await fc.assert(
      fc.asyncProperty(family, distinct, fc.nat(), fc.constantFrom(0, 0, 500, 1e6), async (shape, all, left, keptBytes) => {
        const { view, made, rows } = fill(shape, all);
        const renderer = createRenderer(view, { keptBytes });
        const leaving = left % Math.max(1, all.length);
        for (const shown of [all, all, all.filter((_, at) => at !== leaving)]) {
          if (shown.length < all.length) made.drop(rows[leaving] as number);
          const { body, series: lines } = (await renderer.render(format)) as Rendering;
          const text = Buffer.from(body).toString();
          const expected = shown.flatMap((one) => model(shape, one, format));
          assert.deepEqual(
            text.split('\n').filter((line) => line !== '' && !line.startsWith('# ')),
            expected,
          );
          assert.equal(lines, expected.length);
          const end = format === 'openmetrics' ? '# EOF\n'.length : 0;
          if (lines > 0) assert.equal(await measured(view, format, body.length - 1), body.length - end);
        }
      }),
      { numRuns: 300 },
    );
  });
}

test('strict OpenMetrics reads what is written with times, quantiles and exemplars', async () => {
  const one: Series = {
    names: ['a', 'zone'],
    values: ['1', '2', ''],
    cells: [1, 2, 3, 4, 5, 6, 7, 8],
    timeMs: 1_795_357_530_123,
    exemplars: ['both', 'trace', 'span', 'bare'],
  };
  for (const kind of kinds) {
    for (const exemplars of [true, false]) {
      const { view } = fill({ kind, timestamps: true, exemplars }, [one]);
      const { body } = (await createRenderer(view).render('openmetrics')) as Rendering;
      const parsed = parseExposition(Buffer.from(body).toString(), 'openmetrics');
      assert.ok(parsed.ok, `${kind}: ${JSON.stringify(parsed)}`);
      assert.ok(parsed.families.flatMap(({ samples }) => samples).every(({ timestamp }) => timestamp === 1_795_357_530.123));
    }
  }
});

test('a counter without _total is unknown in OpenMetrics, where exemplars are not allowed', async () => {
  const cells = Array<number>(8).fill(1);
  const one: Series = { names: [], values: ['', '', ''], cells, timeMs: 0, exemplars: ['both', 'none', 'none', 'none'] };
  const { view } = fill({ kind: 'counter', timestamps: false, exemplars: true }, [one]);
  const renderer = createRenderer(view, { strategy: 'UnderscoreEscapingWithoutSuffixes', namespace: 'acme' });
  const { body } = (await renderer.render('openmetrics')) as Rendering;
  assert.equal(Buffer.from(body).toString(), '# TYPE acme_app_x unknown\nacme_app_x 1\n# EOF\n');
});
