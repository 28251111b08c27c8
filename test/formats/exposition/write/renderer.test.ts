import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from '@opentelemetry/api';
import fc from 'fast-check';
import { createStore, type Family, type FamilySpec, type Row } from '../../../../src/core/store/index.ts';
import {
  createRenderer,
  parseExposition,
  type Renderer,
  type Rendering,
  type TextFormat,
} from '../../../../src/formats/exposition/index.ts';
import { encodeAttributes, splitAttributes } from '../../../../src/formats/otlp/index.ts';
import { takeRow } from '../../../core/store/labels.ts';

const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: [], maxAgeMs: 60_000 };

function take(family: Family, attributes: Attributes, value: number): Row {
  const row = takeRow(family, attributes, 0);
  family.cells[row * family.stride] = value;
  return row;
}

function live(spec: Partial<FamilySpec> = {}) {
  const store = createStore();
  const source = store.source({ scope: { name: 'test' } });
  return { store, source, family: source.family({ ...gauge, ...spec }, true), renderer: createRenderer(store.view) };
}

async function page(renderer: Renderer, format: TextFormat = 'text'): Promise<string> {
  const rendering = (await renderer.render(format)) as Rendering;
  return Buffer.from(rendering.body).toString();
}

/** The sample lines, without metadata. */
async function samples(renderer: Renderer): Promise<readonly string[]> {
  return (await page(renderer)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('values, new rows and dropped rows show at the next rendering', async () => {
  const { family, renderer } = live();
  const row = take(family, { a: '1' }, 1);
  assert.deepEqual(await samples(renderer), ['app_x{a="1"} 1']);
  family.cells[row] = 2;
  take(family, { a: '2' }, 3);
  assert.deepEqual(await samples(renderer), ['app_x{a="1"} 2', 'app_x{a="2"} 3']);
  family.drop(row);
  take(family, { a: 'a much longer value in the same row' }, 4);
  assert.deepEqual(await samples(renderer), ['app_x{a="a much longer value in the same row"} 4', 'app_x{a="2"} 3']);
});

test('attributes that become one label are one series, of which the newest is shown, and the other when the first goes', async () => {
  const { family, renderer } = live();
  const first = take(family, { 'a.b': '1' }, 1);
  take(family, { a_b: '1' }, 2);
  take(family, { a_b: '2' }, 3);
  assert.deepEqual((await samples(renderer)).toSorted(), ['app_x{a_b="1"} 2', 'app_x{a_b="2"} 3']);
  family.cells[first] = 4;
  assert.deepEqual((await samples(renderer)).toSorted(), ['app_x{a_b="1"} 4', 'app_x{a_b="2"} 3']);
  family.drop(first);
  assert.deepEqual((await samples(renderer)).toSorted(), ['app_x{a_b="1"} 2', 'app_x{a_b="2"} 3']);
});

for (const labels of [[], ['n']]) {
  test(`an ambiguous row is one series with the plain one that came first: ${labels.length} declared`, async () => {
    const { family, renderer } = live({ labels });
    const first = take(family, { n: '5' }, 1);
    take(family, { n: 5 }, 2);
    take(family, { n: '6' }, 3);
    for (const _ of ['first', 'second'])
      assert.deepEqual((await samples(renderer)).toSorted(), ['app_x{n="5"} 2', 'app_x{n="6"} 3']);
    family.drop(first);
    assert.deepEqual((await samples(renderer)).toSorted(), ['app_x{n="5"} 2', 'app_x{n="6"} 3']);
  });
}

test('sorted rows stay sorted through changes', async () => {
  const { family, renderer } = live({ sorted: true, labels: ['task'] });
  const rows = ['c', 'a', 'b'].map((task, index) => take(family, { task }, index));
  assert.deepEqual(await samples(renderer), ['app_x{task="a"} 1', 'app_x{task="b"} 2', 'app_x{task="c"} 0']);
  family.drop(rows[1] as Row);
  take(family, { task: 'd' }, 9);
  assert.deepEqual(await samples(renderer), ['app_x{task="b"} 2', 'app_x{task="c"} 0', 'app_x{task="d"} 9']);
});

test('what is too old or was never known is left out and named', async () => {
  let now = 0;
  const store = createStore({ clock: () => now });
  const source = store.source({ scope: { name: 'test' } });
  const [old, young] = ['app.old', 'app.young', 'app.never'].map((name) => source.family({ ...gauge, name }, false)) as [
    Family,
    Family,
  ];
  source.replace([old], () => take(old, {}, 1));
  now = 50_000;
  source.replace([young], () => take(young, {}, 2));
  now = 60_001;
  const rendering = (await createRenderer(store.view, { clock: () => now }).render('text')) as Rendering;
  assert.deepEqual(
    [rendering.stale, rendering.unknown, rendering.oldestMs, rendering.series],
    [['app_old'], ['app_never'], 10_001, 1],
  );
});

test('families that would repeat a name, or have none, are left out and named', async () => {
  const { source, family, renderer } = live();
  take(family, {}, 1);
  take(source.family({ ...gauge, kind: 'histogram', bounds: [] }, true), {}, 1);
  take(source.family({ ...gauge, name: '...' }, true), {}, 1);
  const rendering = (await renderer.render('text')) as Rendering;
  const omitted = ['app_x', '...'].map((family) => ({ family, reason: 'name' }));
  assert.deepEqual([rendering.omitted, rendering.series], [omitted, 1]);
});

test('a body of exactly maxBytes is whole, one byte less is too large', async () => {
  for (const rows of [1, 10_000]) {
    const { family, renderer } = live();
    for (let index = 0; index < rows; index++) take(family, { index: `${index}` }, index);
    const whole = (await renderer.render('openmetrics')) as Rendering;
    const maxBytes = whole.body.length;
    assert.deepEqual(((await renderer.render('openmetrics', { maxBytes })) as Rendering).body, whole.body);
    const beyond = { maxBytes: maxBytes - 1 };
    assert.deepEqual(await renderer.render('openmetrics', { ...beyond, onTooLarge: 'fail' }), { tooLarge: true });
    const { body, series, omitted } = (await renderer.render('openmetrics', beyond)) as Rendering;
    const emptied = { text: '# EOF\n', series: 0, omitted: [{ family: 'app_x', reason: 'size' }] };
    assert.deepEqual({ text: Buffer.from(body).toString(), series, omitted }, emptied);
  }
});

test("a body's memory is used again once it was given back, and not before", async () => {
  const { family, renderer } = live();
  const row = take(family, {}, 1);
  const render = async () => (await renderer.render('text')) as Rendering;
  const [first, second] = [await render(), await render()];
  assert.notEqual(first.body.buffer, second.body.buffer);
  first.release();
  family.cells[row] = 2;
  const third = await render();
  assert.equal(third.body.buffer, first.body.buffer);
  assert.deepEqual(
    [second, third].map(({ body }) => Buffer.from(body).toString().split('\n').at(-2)),
    ['app_x 1', 'app_x 2'],
  );
});

test("a body's memory that is beyond a scrape's default limit serves the next one, and goes back two minutes after the last", async ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { family, renderer } = live({ labels: ['text'] });
  for (let index = 0; index < 5_000; index++) take(family, { text: `${index} ${'x'.repeat(1_000)}` }, index);
  const render = async () => (await renderer.render('text')) as Rendering;
  // The first one does not know yet how much there will be.
  (await render()).release();
  const second = await render();
  assert.ok(second.body.buffer.byteLength > 5_000_000);
  const { buffer } = second.body;
  second.release();
  const third = await render();
  assert.equal(third.body.buffer, buffer);
  third.release();
  mock.timers.tick(120_000);
  assert.equal(buffer.byteLength, 0);
  assert.equal((await samples(renderer)).length, 5_000);
});

test('memory that was given back serves a store that has grown, or shrunk', async () => {
  const { family, renderer } = live();
  const rows: Row[] = [];
  for (const size of [10, 20_000, 20_100, 40_000, 5, 300]) {
    while (rows.length < size) rows.push(take(family, { index: `${rows.length}` }, rows.length));
    while (rows.length > size) family.drop(rows.pop() as Row);
    // A store that has shrunk is known by its first rendering.
    ((await renderer.render('text')) as Rendering).release();
    const rendering = (await renderer.render('text')) as Rendering;
    const lines = Buffer.from(rendering.body).toString().trimEnd().split('\n').slice(2);
    assert.deepEqual(
      lines,
      rows.map((_row, index) => `app_x{index="${index}"} ${index}`),
    );
    assert.ok(rendering.body.buffer.byteLength <= Math.max(4_400, rendering.body.length * 2.2), 'no more than it needs');
    rendering.release();
  }
});

test('yields while it renders, and an abort ends it there with its reason', async () => {
  const { family, renderer } = live();
  for (let index = 0; index < 20_000; index++) take(family, { index: `${index}` }, index);
  let turns = 0;
  const count = () => {
    turns++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  assert.equal((await samples(renderer)).length, 20_000);
  clearImmediate(timer);
  assert.ok(turns >= 1, `${turns} turns`);

  const reason = new Error('client hung up');
  const abort = new AbortController();
  const rendering = renderer.render('text', { signal: abort.signal });
  abort.abort(reason);
  await assert.rejects(async () => rendering, reason);
  await assert.rejects(async () => renderer.render('text', { signal: abort.signal }), reason);
});

test('rows that come and go while a rendering yields make no duplicate and no foreign value', async () => {
  const { family, renderer } = live();
  const index = new Map<string, Row>();
  for (let key = 0; key < 12_000; key++) index.set(`${key}`, take(family, { key: `${key}` }, key));
  const rendering = renderer.render('text');
  for (let turn = 0; turn < 3; turn++) {
    for (let key = turn; key < 12_000; key += 7) {
      family.drop(index.get(`${key}`) as Row);
      index.set(`${key}`, take(family, { key: `${key}` }, key));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const lines = Buffer.from(((await rendering) as Rendering).body)
    .toString()
    .trimEnd()
    .split('\n')
    .slice(2);
  assert.equal(new Set(lines).size, lines.length);
  for (const line of lines) assert.match(line, /^app_x\{key="(\d+)"\} \1$/);
});

test('a closed source is gone at the next rendering, its name free for another', async () => {
  const { store, source, family, renderer } = live();
  take(family, {}, 1);
  assert.deepEqual(await samples(renderer), ['app_x 1']);
  source.close();
  take(store.source({ scope: { name: 'next' } }).family({ ...gauge, kind: 'counter' }, true), {}, 2);
  assert.deepEqual(await samples(renderer), ['app_x_total 2']);
});

const name = fc.oneof(
  fc.constantFrom('le', 'quantile', 'a', 'a.b', 'a_b', '__x', '0', 'x total'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom('"', '\\', '\n', '1', 1, true, 'true'),
);
const family = fc.record({
  name: fc.oneof(fc.constantFrom('a', 'a.count', 'a.total', 'a.bucket', 'a.sum', 'a.created'), name),
  kind: fc.constantFrom('counter', 'updowncounter', 'gauge', 'histogram', 'summary', 'info', 'unknown' as const),
  unit: fc.constantFrom('', 's', 'By', '1', '{run}', 'By/s', '%'),
  help: fc.string({ unit: 'grapheme' }),
  bounds: fc
    .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 })
    .map((all) => all.sort((a, b) => a - b)),
  sorted: fc.boolean(),
  rows: fc.uniqueArray(
    fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true }).map((set) => encodeAttributes(set)),
    {
      maxLength: 6,
      selector: (bytes) => Buffer.from(bytes).toString('hex'),
    },
  ),
  cell: fc.nat(),
});

for (const format of ['openmetrics', 'text'] as const) {
  test(`whatever is recorded, the strict parser takes it as ${format}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(family, { maxLength: 4 }), async (families) => {
        const store = createStore();
        const source = store.source({ scope: { name: 'test' } });
        for (const { rows, cell, ...spec } of families) {
          const target = source.family({ ...spec, labels: [], scopeLabels: true, maxAgeMs: 1 }, true);
          for (const identity of rows) {
            const row = target.row(splitAttributes(identity), 0);
            target.cells.fill(cell, row * target.stride, (row + 1) * target.stride);
          }
        }
        const text = await page(createRenderer(store.view), format);
        const parsed = parseExposition(text, format);
        assert.ok(parsed.ok, `${JSON.stringify(parsed)}\n${text}`);
      }),
      { numRuns: 200 },
    );
  });
}
