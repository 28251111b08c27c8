/**
 * Rows whose labels come out the same on a page that escapes names are one series on it, with all that was recorded, in whatever
 * order, shape and thread they are written. What is expected is the sum of what was written to the rows.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { writeExemplar } from '../../../../src/core/store/cells/exemplar-cells.ts';
import { createStore, exemplarAt, type Family, type FamilySpec, recordExponential } from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';
import {
  createRenderer,
  type ExpositionFormat,
  parseExposition,
  type Rendering,
} from '../../../../src/formats/exposition/index.ts';
import type { RendererOptions } from '../../../../src/formats/exposition/write/renderer.ts';
import { takeRow } from '../../../core/store/labels.ts';

const hits: FamilySpec = { name: 'hits', kind: 'counter', unit: '', help: 'Hits.', labels: [], maxAgeMs: 60_000 };

function open(spec: Partial<FamilySpec> = {}, options: RendererOptions = {}) {
  const store = createStore();
  const family = store.source({ scope: { name: 'lib' } }).family({ ...hits, ...spec }, true);
  const add = (attributes: Record<string, string>, ...cells: number[]) => {
    const row = takeRow(family, attributes, 0);
    family.cells.set(cells, row * family.stride);
    return row;
  };
  return { store, family, add, renderer: createRenderer(store.view, options) };
}

async function page(renderer: ReturnType<typeof createRenderer>, format: ExpositionFormat = 'text'): Promise<string> {
  return Buffer.from(((await renderer.render(format)) as Rendering).body).toString();
}

/** Sample lines, sorted; the page breaks no rule. */
async function samples(
  renderer: ReturnType<typeof createRenderer>,
  format: 'text' | 'openmetrics' = 'text',
): Promise<readonly string[]> {
  const text = await page(renderer, format);
  assert.ok(parseExposition(text, format).ok, text);
  return text.match(/^[^#\n].*$/gm)?.toSorted() ?? [];
}

for (const sorted of [true, false]) {
  test(`rows that come in between, before and behind, ${sorted ? 'sorted' : 'as they came'}`, async () => {
    const { add, family, renderer } = open({ sorted });
    const plain = add({ a_b: '1' }, 1);
    assert.deepEqual(await samples(renderer), ['hits_total{a_b="1"} 1']);
    const dotted = add({ 'a.b': '1' }, 10);
    add({ 'a.b': '2' }, 3);
    assert.deepEqual(await samples(renderer), ['hits_total{a_b="1"} 11', 'hits_total{a_b="2"} 3']);
    add({ 'a-b': '1' }, 100);
    add({ 'a-b': '2' }, 4);
    assert.deepEqual(await samples(renderer), ['hits_total{a_b="1"} 111', 'hits_total{a_b="2"} 7']);
    family.drop(plain);
    assert.deepEqual(await samples(renderer), ['hits_total{a_b="1"} 110', 'hits_total{a_b="2"} 7']);
    // Its row is another series now, and the label's first owner has gone.
    add({ a_b: '1' }, 1_000);
    assert.deepEqual(await samples(renderer), ['hits_total{a_b="1"} 1110', 'hits_total{a_b="2"} 7']);
    family.drop(dotted);
    add({ x: 'y' }, 5);
    assert.deepEqual(await samples(renderer), ['hits_total{a_b="1"} 1100', 'hits_total{a_b="2"} 7', 'hits_total{x="y"} 5']);
  });
}

test('many rows that meet, over several slices, as new ones come', async () => {
  const { add, renderer } = open();
  for (let round = 0; round < 2; round++) {
    for (const name of ['a_b', 'a.b']) for (let at = 0; at < 6_000; at++) add({ [round === 0 ? name : `${name}.`]: `${at}` }, 1);
    const lines = await samples(renderer);
    assert.equal(lines.length, 6_000 * (round + 1));
    for (const line of lines) assert.match(line, / 2$/);
  }
});

test('a total that is none of its kind is left out, and the others are shown', async () => {
  const { add, renderer } = open();
  add({ a_b: '1' }, Number.NaN);
  add({ 'a.b': '1' }, 2);
  add({ 'a-b': '1' }, -1);
  add({ a_b: '2' }, Number.NaN);
  add({ 'a.b': '2' }, -1);
  assert.deepEqual(await samples(renderer), ['hits_total{a_b="1"} 2']);
});

test('since the earliest start, if each is known', async () => {
  const { add, family, renderer } = open({}, { created: true });
  const rows = [add({ a_b: '1' }, 1), add({ 'a.b': '1' }, 2)];
  for (const [at, row] of rows.entries()) family.setStart(row, 7_000 - 2_000 * at);
  for (const _ of ['found', 'known'])
    assert.deepEqual(await samples(renderer, 'openmetrics'), ['hits_created{a_b="1"} 5', 'hits_total{a_b="1"} 3']);
  family.setStart(rows[0] as number, 7_000, false);
  assert.deepEqual(await samples(renderer, 'openmetrics'), ['hits_total{a_b="1"} 3']);
});

test('of exemplars, the newer one of each', async () => {
  const { add, family, renderer } = open({ exemplars: true });
  const [trace, span] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  for (const [name, value, time] of [
    ['a_b', 1, 2_000],
    ['a.b', 2, 3_000],
    ['a-b', 3, 1_000],
  ] as const)
    writeExemplar(
      family.cells,
      add({ [name]: '1' }, value) * family.stride + exemplarAt(family.rowLayout, 0),
      value,
      time,
      trace,
      span,
    );
  const [line] = await samples(renderer, 'openmetrics');
  assert.equal(line, `hits_total{a_b="1"} 6 # {trace_id="${trace}",span_id="${span}"} 2 3`);
});

test('exponential buckets, in each format', async () => {
  const { add, family, renderer } = open({ name: 'wait', kind: 'histogram', exponential: { maxSize: 20, maxScale: 3 } });
  for (const [name, value] of [
    ['a_b', 1],
    ['a.b', 1_000],
  ] as const) {
    const at = add({ [name]: '1' }) * family.stride;
    family.cells[at + 3] = 3;
    recordExponential(family.cells, at, { maxSize: 20, maxScale: 3 }, value);
  }
  const expected = ['wait_bucket{a_b="1",le="+Inf"} 2', 'wait_count{a_b="1"} 2', 'wait_sum{a_b="1"} 1001'];
  assert.deepEqual(await samples(renderer), expected);
  assert.deepEqual(await samples(renderer), expected);
});

test('summaries: sums and counts add up; of quantiles the newest are shown', async () => {
  const plain = open({ name: 'took', kind: 'summary' });
  plain.add({ a_b: '1' }, 2, 20);
  plain.add({ 'a.b': '1' }, 3, 30);
  assert.deepEqual(await samples(plain.renderer), ['took_count{a_b="1"} 5', 'took_sum{a_b="1"} 50']);
  const { add, renderer } = open({ name: 'took', kind: 'summary', quantiles: [0.5] });
  add({ a_b: '1' }, 2, 20, 1);
  add({ 'a.b': '1' }, 3, 30, 9);
  assert.deepEqual(
    await samples(renderer),
    ['took_count{a_b="1"} 3', 'took_sum{a_b="1"} 30', 'took{a_b="1",quantile="0.5"} 9'].toSorted(),
  );
});

test('from another thread, where a slice has its rows only', async () => {
  const { store, add } = open();
  const { port1, port2 } = new MessageChannel();
  store.share(port1);
  const renderer = createRenderer(createRemoteView(port2 as never));
  for (let at = 0; at < 3_000; at++) add({ a_b: `${at}` }, 1);
  for (let at = 0; at < 3_000; at++) add({ 'a.b': `${at}` }, 2);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const lines = await samples(renderer);
  assert.equal(lines.length, 3_000);
  for (const line of lines) assert.match(line, / 3$/);
  port1.close();
  port2.close();
});

test('families of two names that come out the same keep to the first', async () => {
  const store = createStore();
  const source = store.source({ scope: { name: 'lib' } });
  const told: string[] = [];
  const renderer = createRenderer(store.view, {
    escaping: 'underscores',
    strategy: 'NoTranslation',
    onConflict: (name) => told.push(name),
  });
  for (const name of ['a.b', 'a_b']) {
    const family: Family = source.family({ ...hits, name, kind: 'gauge' }, true);
    family.cells[takeRow(family, { x: '1' }, 0) * family.stride] = name === 'a.b' ? 1 : 2;
  }
  assert.deepEqual(await samples(renderer), ['a_b{x="1"} 1']);
  assert.deepEqual(new Set(told), new Set(['a_b']));
});
