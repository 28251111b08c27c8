import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { capped, contract, counter, identity, oneOf } from '../../../../src/core/contract/index.ts';
import { createRowTables } from '../../../../src/library/recording/store-engine/row-table.ts';
import { noSlots, numberOf } from '../../../../src/library/recording/store-engine/text-slots.ts';
import { createLabelIndex } from '../../../../src/library/series/by-labels/label-index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scrapedOf } from '../scraped.ts';

/** An index of so many series over two labels, and the tables over it. */
function open(first: number, second: number, rowOf = (at: number) => at + 1) {
  const index = createLabelIndex(2);
  for (let at = 0; at < first * second; at++) index.put([`a${at % first}`, `b${Math.floor(at / first)}`], rowOf(at));
  const tables = createRowTables({ size: first * second }, index, 2);
  const rows = () => [...tables.table.rows].filter((row) => row !== 0).sort((a, b) => a - b);
  return { index, tables, rows };
}

test('a table has the rows of all series, once it is renewed after some have come', () => {
  const { tables, rows } = open(5, 4);
  tables.renew();
  assert.deepEqual(rows(), []);
  tables.shown();
  tables.renew();
  assert.deepEqual(
    rows(),
    Array.from({ length: 20 }, (_, at) => at + 1),
  );
});

test('it is made as often as look-ups in the index have paid for it', () => {
  const { tables } = open(5, 4);
  tables.renew();
  assert.equal(tables.patience, 16 * 21);
});

test('a row that was dropped is not there any more, and nothing is once it was closed', () => {
  const { tables, rows } = open(3, 1);
  tables.shown();
  tables.renew();
  tables.dropped(2);
  assert.deepEqual(rows(), [1, 3]);
  tables.close();
  assert.deepEqual(rows(), []);
});

test('another primitive that the index knows finds the row of its text, and no row of its own', () => {
  const { index, tables, rows } = open(1, 1);
  index.put(['7', 'b0'], 9);
  index.put([7, 'b0'], 9);
  tables.shown();
  tables.renew();
  assert.deepEqual(rows(), [1, 9]);
  const { s0: slots } = tables.table;
  assert.equal(numberOf(slots ?? noSlots, 7), numberOf(slots ?? noSlots, '7'));
  assert.equal(numberOf(slots ?? noSlots, 8), 0);
});

for (const [what, first, second] of [['1,025 series', 205, 5]] as const) {
  test(`no table for ${what}`, () => {
    const { tables, rows } = open(first, second);
    tables.shown();
    tables.renew();
    assert.deepEqual(rows(), []);
  });
}

test('no table for labels whose values hardly ever meet: it would be large and empty', () => {
  const { index, tables, rows } = open(1, 1);
  for (let at = 2; at < 150; at++) index.put([`a${at}`, `b${at}`], at);
  tables.shown();
  tables.renew();
  assert.deepEqual(rows(), []);
});

test('a row number of more than 16 bits stays in the index', () => {
  const { tables, rows } = open(2, 1, (at) => at + 65_535);
  tables.shown();
  tables.renew();
  assert.deepEqual(rows(), [65_535]);
});

test('property: a metric that is recorded often counts as a map would, through removals and resets', async () => {
  const declared = contract('t', {
    none: counter({ help: 'None.' }),
    one: counter({ help: 'One.', labels: { code: capped({ limit: 50 }) } }),
    three: counter({ help: 'Three.', zeroFilled: false, labels: { a: oneOf('x', 'y'), b: identity(), c: identity() } }),
  });
  const text = (...texts: string[]) => fc.constantFrom(...texts);
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.record({ name: fc.constant('none'), labels: fc.constant({}) }) },
    { weight: 20, arbitrary: fc.record({ name: fc.constant('one'), labels: fc.record({ code: text('1', '2', '10', '') }) }) },
    {
      weight: 20,
      arbitrary: fc.record({
        name: fc.constant('three'),
        labels: fc.record({ a: text('x', 'y'), b: text('k', 'kk'), c: text('m', 'n', 'o') }),
      }),
    },
  );
  const steps = fc.record({ method: fc.constantFrom('add', 'add', 'add', 'remove', 'bind', 'reset'), step });
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 25 }), async (all) => {
      const { bridge, metrics, reset } = testBridge(declared);
      // biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
      const untyped = metrics as unknown as Record<string, Record<string, any>>;
      const expected = new Map<string, number>();
      for (const {
        method,
        step: { name, labels },
      } of all) {
        const line = `${name} ${JSON.stringify(labels)}`;
        if (method === 'reset') {
          reset();
          expected.clear();
        } else if (method === 'remove') {
          untyped[name]?.remove?.(labels);
          expected.delete(line);
        } else if (method === 'bind') {
          untyped[name]?.bind?.(labels).add(1);
          expected.set(line, (expected.get(line) ?? 0) + 1);
        } else {
          // As many as it takes to have a table made, and to use it.
          for (let time = 0; time < 600; time++) untyped[name]?.add?.(1, labels);
          expected.set(line, (expected.get(line) ?? 0) + 600);
        }
      }
      const lines = Object.entries(await scrapedOf(bridge, 't_'));
      const shown = lines.filter(([, value]) => value !== 0).map(([line, value]) => `${line} ${value}`);
      const said = [...expected].map(([line, value]) => `${written(line)} ${value}`);
      assert.deepEqual(shown.sort(), said.sort());
    }),
    { numRuns: 40 },
  );
});

test('a number that is recorded often is the series of its text, also after that was removed', async () => {
  const declared = contract('n', {
    replies: counter({ help: 'Replies.', labels: { code: capped({ limit: 5 }), method: oneOf('GET', 'PUT') } }),
  });
  const { bridge, metrics } = testBridge(declared);
  const record = (code: unknown, method: 'GET' | 'PUT') => {
    for (let time = 0; time < 600; time++) metrics.replies.add(1, { code: code as string, method });
  };
  for (const code of [404, '404', 200, true, 404]) record(code, 'GET');
  record(200, 'PUT');
  metrics.replies.remove({ code: '404' });
  for (const code of [404, '404']) record(code, 'GET');
  assert.deepEqual(await scrapedOf(bridge, 'n_'), {
    'n_replies_total{code="200",method="GET"}': 600,
    'n_replies_total{code="200",method="PUT"}': 600,
    'n_replies_total{code="404",method="GET"}': 1_200,
    'n_replies_total{code="true",method="GET"}': 600,
  });
});

/** `three {"a":"x"}` as it is exposed. */
function written(line: string): string {
  const [name = '', labels = '{}'] = line.split(' ');
  const pairs = Object.entries(JSON.parse(labels)).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `t_${name}_total${pairs.length === 0 ? '' : `{${pairs.join(',')}}`}`;
}
