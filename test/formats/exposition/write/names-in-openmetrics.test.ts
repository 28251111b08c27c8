/**
 * Names that only OpenMetrics keeps apart: "The name of a MetricFamily MUST NOT result in a potential clash for sample metric
 * names as per the ABNF with another MetricFamily in the Text Format within a MetricSet. An example would be a gauge called
 * "foo_created" as a counter called "foo" could create a "foo_created" in the text format." Text 0.0.4 and protobuf have no such
 * rule.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, type FamilySpec } from '../../../../src/core/store/index.ts';
import {
  createRenderer,
  type ExpositionFormat,
  type RendererOptions,
  type Rendering,
} from '../../../../src/formats/exposition/index.ts';
import { takeRow } from '../../../core/store/labels.ts';
import { decodeFamilies } from '../decode-families.ts';

type Given = Partial<FamilySpec> & Pick<FamilySpec, 'name' | 'kind'>;

const counter: Given = { name: 'queue', kind: 'counter' };
const gauge: Given = { name: 'queue', kind: 'gauge' };
const uncontracted = { uncontracted: true };

function open(options: RendererOptions = {}) {
  const store = createStore();
  const renderer = createRenderer(store.view, options);
  return {
    add(spec: Given, scope = 'test', rows = 1) {
      const family = store
        .source({ scope: { name: scope } })
        .family({ unit: '', help: '', labels: [], maxAgeMs: 60_000, omitEmpty: true, ...spec }, true);
      for (let n = 0; n < rows; n++) takeRow(family, { scope, n: `${n}` }, 0);
      return family;
    },
    async page(format: ExpositionFormat, given: Parameters<typeof renderer.render>[1] = {}) {
      const { body, omitted } = (await renderer.render(format, given)) as Rendering;
      const text = Buffer.from(body).toString();
      return { types: (text.match(/(?<=^# TYPE )\S+/gm) ?? []).join(' '), omitted, body };
    },
  };
}

const left = (family: string, stays: string) => [{ family, reason: 'openmetrics_name', stays }];

for (const [order, families] of Object.entries({ 'counter first': [counter, gauge], 'gauge first': [gauge, counter] })) {
  const shown = families.map(({ kind }) => (kind === 'counter' ? 'queue_total' : 'queue')).join(' ');

  test(`queue beside queue_total, ${order}: text and protobuf have both`, async () => {
    const { add, page } = open();
    for (const family of families) add(family);
    const text = await page('text');
    assert.deepEqual([text.types, text.omitted], [shown, []]);
    const { body, omitted } = await page('protobuf');
    assert.deepEqual(
      [
        decodeFamilies(body)
          .map(({ name }) => name)
          .join(' '),
        omitted,
      ],
      [shown, []],
    );
  });

  test(`queue beside queue_total, ${order}: OpenMetrics has that of the contract, or the first by name`, async () => {
    for (const [ofContract, types, omitted] of [
      ['counter', 'queue', left('queue', 'queue_total')],
      ['gauge', 'queue', left('queue_total', 'queue')],
      ['neither', 'queue', left('queue_total', 'queue')],
      ['both', 'queue', left('queue_total', 'queue')],
    ] as const) {
      const { add, page } = open();
      for (const family of families) add({ ...family, ...(ofContract !== 'both' && ofContract !== family.kind && uncontracted) });
      for (let scrape = 0; scrape < 3; scrape++) {
        const { types: found, omitted: told, body } = await page('openmetrics');
        assert.deepEqual([found, told], [types, omitted], ofContract);
        assert.equal(Buffer.from(body).includes('# TYPE queue counter'), ofContract === 'counter');
      }
      assert.equal((await page('text')).types, shown);
    }
  });
}

test('what gave way comes back when the other has gone or has nothing to show, and goes when it comes', async () => {
  const { add, page } = open();
  const only = add({ ...gauge, ...uncontracted });
  assert.deepEqual(await page('openmetrics').then(({ types, omitted }) => [types, omitted]), ['queue', []]);
  const first = add(counter);
  assert.deepEqual((await page('openmetrics')).omitted, left('queue', 'queue_total'));
  first.clear();
  assert.deepEqual((await page('openmetrics')).omitted, []);
  takeRow(first, {}, 0);
  assert.deepEqual((await page('openmetrics')).omitted, left('queue', 'queue_total'));
  first.end();
  assert.deepEqual((await page('openmetrics')).omitted, []);
  only.end();
  assert.deepEqual((await page('openmetrics')).types, '');
});

test('three in a row: one that gives way takes no name from the next', async () => {
  // x_created is reserved by x_total, and x_created_total reserves x_created.
  const { add, page } = open();
  add({ name: 'x.created.total', kind: 'counter' });
  add({ name: 'x.created', kind: 'gauge' });
  add({ name: 'x', kind: 'counter' });
  const { types, omitted } = await page('openmetrics');
  assert.deepEqual(
    [types, omitted.map(({ family, stays }) => `${family} ${stays}`)],
    ['x_created', ['x_created_total x_created', 'x_total x_created']],
  );
  assert.equal((await page('text')).types, 'x_created_total x_created x_total');
});

test('families of several scopes give way as one, and a contract among them keeps the name', async () => {
  const { add, page } = open();
  const scoped = { ...uncontracted, scopeLabels: true };
  add({ ...counter, ...scoped }, 'a');
  add({ ...gauge, ...scoped }, 'b');
  add({ ...counter, ...scoped }, 'c');
  assert.deepEqual((await page('openmetrics')).omitted, left('queue_total', 'queue'));
  add(counter, 'contract');
  assert.deepEqual((await page('openmetrics')).omitted, left('queue', 'queue_total'));
});

test('a name that is written twice belongs to the first, as in text', async () => {
  const { add, page } = open();
  add({ name: 'x', kind: 'histogram', bounds: [], ...uncontracted });
  add({ name: 'x.count', kind: 'gauge' });
  for (const format of ['text', 'openmetrics'] as const)
    assert.deepEqual((await page(format)).omitted, [{ family: 'x_count', reason: 'name' }]);
});

test('asked for by name: the same family is shown', async () => {
  const { add, page } = open();
  add({ ...gauge, ...uncontracted });
  add(counter);
  for (const name of ['queue', 'queue_total']) {
    const { types, omitted } = await page('openmetrics', { only: new Set([name]) });
    assert.deepEqual([types, omitted], name === 'queue' ? ['', left('queue', 'queue_total')] : ['queue', []]);
  }
});

test('a page that is measured counts what it shows: its limit is that of the page without the others', async () => {
  const { add, page } = open();
  add({ ...gauge, ...uncontracted }, 'test', 2_000);
  add(counter, 'test', 100);
  add({ name: 'other', kind: 'gauge' }, 'test', 2_000);
  const { body } = await page('openmetrics');
  assert.deepEqual((await page('openmetrics', { maxBytes: body.length })).omitted, left('queue', 'queue_total'));
  const { types, omitted } = await page('openmetrics', { maxBytes: body.length - 1 });
  assert.deepEqual([types, omitted], ['queue', [...left('queue', 'queue_total'), { family: 'other', reason: 'size' }]]);
});

test('a page in slices is written anew where names meet late in it', async () => {
  const { add, page } = open({ pace: () => ({ due: () => true, rest: async () => {} }) });
  add({ ...gauge, ...uncontracted }, 'test', 20_000);
  add(counter);
  for (let scrape = 0; scrape < 2; scrape++) {
    const { types, omitted, body } = await page('openmetrics');
    assert.deepEqual([types, omitted, body.length < 200], ['queue', left('queue', 'queue_total'), true]);
  }
});

test('names that meet once they are escaped', async () => {
  const { add, page } = open({ strategy: 'NoTranslation', escaping: 'underscores' });
  add({ name: 'q.ueue', kind: 'gauge', ...uncontracted });
  add({ name: 'q_ueue_total', kind: 'counter' });
  assert.deepEqual((await page('openmetrics')).omitted, left('q_ueue', 'q_ueue_total'));
  assert.equal((await page('text')).types, 'q_ueue q_ueue_total');
});

/** All of them are on one page of text. */
const meeting: readonly Given[] = [
  { name: 'x', kind: 'counter' },
  { name: 'x', kind: 'gauge' },
  { name: 'x.created', kind: 'gauge' },
  { name: 'x.created', kind: 'counter' },
  { name: 'x.created.created', kind: 'gauge' },
  { name: 'y', kind: 'histogram', bounds: [] },
  { name: 'y.created', kind: 'gauge' },
  { name: 'y', kind: 'counter' },
  { name: 'y.bucket', kind: 'counter' },
  { name: 'z', kind: 'summary' },
  { name: 'z.created', kind: 'counter' },
];

/** Of OpenMetrics, "Text Format ABNF": what a family may write, and its own name. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['', '_total', '_created'],
  gauge: [''],
  histogram: ['', '_bucket', '_sum', '_count', '_created'],
  summary: ['', '_sum', '_count', '_created'],
};

test('whichever came first, OpenMetrics shows the same, no two share a name, and each that is left out meets one that is not', async () => {
  const families = fc
    .shuffledSubarray([...meeting])
    .chain((all) =>
      fc
        .array(fc.boolean(), { minLength: all.length, maxLength: all.length })
        .map((flags) => all.map((one, at) => ({ ...one, uncontracted: flags[at] === true }))),
    );
  async function pageOf(all: readonly Given[]) {
    const { add, page } = open();
    for (const one of all) add(one);
    assert.deepEqual((await page('text')).omitted, []);
    const { body, omitted } = await page('openmetrics');
    const shown = [
      ...Buffer.from(body)
        .toString()
        .matchAll(/^# TYPE (\S+) (\S+)$/gm),
    ].map(([, name, type]) => `${name} ${type}`);
    return { shown: shown.sort(), omitted };
  }
  await fc.assert(
    fc.asyncProperty(families, async (given) => {
      const { shown, omitted } = await pageOf(given);
      assert.deepEqual(shown, (await pageOf(given.toReversed())).shown);
      const names = shown.flatMap((one) => {
        const [name = '', type = ''] = one.split(' ');
        return (suffixes[type] ?? []).map((suffix) => name + suffix);
      });
      assert.equal(new Set(names).size, names.length, names.join(' '));
      assert.equal(shown.length + omitted.length, given.length);
      const shownInText = new Set(shown.map((one) => one.replace(/ counter$/, '_total').replace(/ .*/, '')));
      for (const { stays = '' } of omitted) assert.ok(shownInText.has(stays), stays);
    }),
  );
});
