/** Names that no format can hold bare: quoted, or escaped, and what comes out the same once escaped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from '@opentelemetry/api';
import fc from 'fast-check';
import { createStore, type Family, type FamilySpec } from '../../../../src/core/store/index.ts';
import type { Escaping } from '../../../../src/formats/exposition/escaping.ts';
import { createRenderer, type Rendering, type TextFormat } from '../../../../src/formats/exposition/index.ts';
import { takeRow } from '../../../core/store/labels.ts';

const spec: FamilySpec = { name: 'a.b', kind: 'gauge', unit: '', help: '', labels: [], maxAgeMs: 60_000, omitEmpty: true };

function open(escaping: Escaping) {
  const store = createStore();
  const source = store.source({ scope: { name: '' } });
  const met: string[] = [];
  const renderer = createRenderer(store.view, { strategy: 'NoTranslation', escaping, onConflict: (family) => met.push(family) });
  return {
    met,
    add(
      name: string,
      { beside, ...over }: Partial<FamilySpec> & { beside?: Family },
      ...rows: readonly (readonly [Attributes, ...number[]])[]
    ) {
      const family = source.family({ ...spec, name, ...over }, true, beside);
      const put = (attributes: Attributes, ...cells: readonly number[]) => {
        const row = takeRow(family, attributes, 0);
        family.cells.set(cells, row * family.stride);
        return row;
      };
      const taken = rows.map(([attributes, ...cells]) => put(attributes, ...cells));
      return { family, put, rows: taken };
    },
    async page(format: TextFormat = 'text') {
      const { body, omitted } = (await renderer.render(format)) as Rendering;
      return { text: Buffer.from(body).toString(), omitted };
    },
    async samples() {
      const { body } = (await renderer.render('text')) as Rendering;
      return Buffer.from(body)
        .toString()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .sort();
    },
  };
}

test('a name in quotes stands inside the braces, ahead of labels and without any', async () => {
  const { add, page } = open('allow-utf-8');
  add('a.b_total', { kind: 'counter', help: 'A "b".' }, [{}, 1], [{ 'c.d': 'x', e: 'y' }, 2]);
  add('"\\\n', {}, [{ '"\\\n': '"\\\n' }, 3]);
  add('h.s', { kind: 'histogram', unit: 's', bounds: [1] }, [{}, 1, 2, 5], [{ 'c.d': 'x' }, 0, 1, 4]);
  assert.equal(
    (await page('openmetrics')).text,
    String.raw`# TYPE "a.b" counter
# HELP "a.b" A \"b\".
{"a.b_total"} 1
{"a.b_total","c.d"="x",e="y"} 2
# TYPE "\"\\\n" gauge
{"\"\\\n","\"\\\n"="\"\\\n"} 3
# TYPE "h.s" histogram
{"h.s_bucket",le="1.0"} 1
{"h.s_bucket",le="+Inf"} 3
{"h.s_sum"} 5
{"h.s_count"} 3
{"h.s_bucket","c.d"="x",le="1.0"} 0
{"h.s_bucket","c.d"="x",le="+Inf"} 1
{"h.s_sum","c.d"="x"} 4
{"h.s_count","c.d"="x"} 1
# EOF
`,
  );
  assert.match((await page()).text, /^# HELP "a\.b_total" A "b"\.\n# TYPE "a\.b_total" counter\n/);
});

test('a unit that ends the name has its line', async () => {
  const { add, page } = open('allow-utf-8');
  add('a.b_seconds', { unit: 's' }, [{}, 1]);
  assert.match((await page('openmetrics')).text, /^# UNIT "a\.b_seconds" seconds$/m);
});

test('a bare name and bare labels are written as ever', async () => {
  const { add, page } = open('allow-utf-8');
  add('a__b', { labels: ['c__d'] }, [{ c__d: 'x' }, 1], [{ _: 'y', c__d: 'x' }, 2]);
  assert.equal((await page()).text, '# TYPE a__b gauge\na__b{c__d="x"} 1\na__b{c__d="x",_="y"} 2\n');
});

test('metrics that come out under one name are one family, where they have one type', async () => {
  const { add, page, met } = open('underscores');
  add('a.b', { help: 'First.' }, [{ k: '1' }, 1]);
  add('other', {}, [{}, 2]);
  add('a_b', { help: 'First.' }, [{ k: '2' }, 3]);
  const { text, omitted } = await page();
  assert.equal(text, '# HELP a_b First.\n# TYPE a_b gauge\na_b{k="1"} 1\na_b{k="2"} 3\n# TYPE other gauge\nother 2\n');
  assert.deepEqual([omitted, met], [[], []]);
});

test('one of another type is left out, and named', async () => {
  const { add, page } = open('underscores');
  add('a.b', {}, [{ k: '1' }, 1]);
  add('a_b', { kind: 'histogram', bounds: [] }, [{ k: '2' }, 3, 3]);
  const { text, omitted } = await page();
  assert.equal(text, '# TYPE a_b gauge\na_b{k="1"} 1\n');
  assert.deepEqual(omitted, [{ family: 'a_b', reason: 'name' }]);
});

test('equal series of two metrics are shown once, and the other when the first has gone', async () => {
  const { add, samples, met } = open('underscores');
  const first = add('a.b', {}, [{ k: '1' }, 1], [{ k: '2' }, 2]);
  const second = add('a_b', {}, [{ k: '1' }, 3], [{ k: '3' }, 4]);
  assert.deepEqual(await samples(), ['a_b{k="1"} 1', 'a_b{k="2"} 2', 'a_b{k="3"} 4']);
  assert.deepEqual(met, ['a_b']);
  first.family.drop(first.rows[0] as number);
  assert.deepEqual(await samples(), ['a_b{k="1"} 3', 'a_b{k="2"} 2', 'a_b{k="3"} 4']);
  first.put({ k: '1' }, 5);
  first.put({ k: '3' }, 6);
  assert.deepEqual(await samples(), ['a_b{k="1"} 3', 'a_b{k="2"} 2', 'a_b{k="3"} 4']);
  first.family.end();
  assert.deepEqual(await samples(), ['a_b{k="1"} 3', 'a_b{k="3"} 4']);
  second.family.end();
  add('a.b', {}, [{ k: '3' }, 7]);
  assert.deepEqual(await samples(), ['a_b{k="3"} 7']);
});

test('a metric that comes later, when the lines of the first were kept or made already', async () => {
  const { add, samples } = open('underscores');
  const bounds = { kind: 'histogram', bounds: [] } as const;
  add('h.x', bounds, [{ k: '1' }, 1, 1]);
  assert.equal((await samples()).length, 3);
  add('h_x', bounds, [{ k: '1' }, 2, 2], [{ k: '2' }, 3, 3]);
  assert.deepEqual(
    (await samples()).filter((line) => line.includes('_count')),
    ['h_x_count{k="1"} 1', 'h_x_count{k="2"} 3'],
  );
});

test('labels that come out the same: values of one series are joined, and of equal series the newest level is shown', async () => {
  const { add, samples, met } = open('underscores');
  add('x', {}, [{ 'a.b': '1', a_b: '2' }, 1], [{ 'a.b': '1' }, 2], [{ a_b: '1' }, 3], [{ 'a-b': '4' }, 4]);
  assert.deepEqual(await samples(), ['x{a_b="1"} 3', 'x{a_b="1;2"} 1', 'x{a_b="4"} 4']);
  add('y', {}, [{ a_b: '1' }, 5], [{ 'a.b': '1' }, 6]);
  assert.deepEqual(
    (await samples()).filter((line) => line.startsWith('y')),
    ['y{a_b="1"} 6'],
  );
  assert.deepEqual(met, []);
});

test('the same in rows of two shapes of one metric', async () => {
  const { add, samples, met } = open('underscores');
  const { family } = add('h', { kind: 'histogram', bounds: [] }, [{ 'a.b': '1' }, 1, 1]);
  assert.equal((await samples()).length, 3);
  add('h', { kind: 'histogram', bounds: [1], beside: family }, [{ a_b: '2' }, 2, 0, 2], [{ a_b: '1' }, 3, 0, 3]);
  assert.deepEqual(
    (await samples()).filter((line) => line.includes('_sum')),
    ['h_sum{a_b="1"} 1', 'h_sum{a_b="2"} 2'],
  );
  assert.deepEqual(met, ['h']);
});

test('nothing meets where names are UTF-8', async () => {
  const { add, page, met } = open('allow-utf-8');
  add('a.b', {}, [{ 'a.b': '1' }, 1], [{ a_b: '1' }, 2]);
  add('a_b', { kind: 'counter' }, [{ 'a.b': '1' }, 3]);
  const { text, omitted } = await page();
  assert.equal(text, '# TYPE "a.b" gauge\n{"a.b","a.b"="1"} 1\n{"a.b",a_b="1"} 2\n# TYPE a_b counter\na_b{"a.b"="1"} 3\n');
  assert.deepEqual([omitted, met], [[], []]);
});

test('many metrics that come out under one name: their rows are looked at in linear time', async () => {
  const looks = async (count: number) => {
    const { add, samples } = open('underscores');
    let looked = 0;
    for (let at = 0; at < count; at++) {
      const { family } = add(`a${String.fromCodePoint(0x4e00 + at)}b`, {}, [{ at: String(at) }, at]);
      const { labels } = family;
      Object.assign(family, {
        labels(row: number) {
          looked++;
          return labels.call(family, row);
        },
      });
    }
    assert.equal((await samples()).length, count);
    return looked;
  };
  const few = await looks(100);
  assert.ok((await looks(400)) <= 5 * few);
});

test('with more names of labels than are known by their escaped form, no series is there twice', async () => {
  const { add, samples, met } = open('underscores');
  const many = Array.from({ length: 10_001 }, (_, at): [Attributes, number] => [{ [`k.${at}`]: 'x' }, at]);
  add('x', {}, ...many, [{ 'a.b': '1' }, -1], [{ a_b: '1' }, -2], [{ 'c.d': '1' }, -3]);
  for (let scrapes = 0; scrapes < 2; scrapes++) {
    const lines = await samples();
    assert.equal(lines.length, many.length + 2);
    assert.ok(lines.includes('x{a_b="1"} -2') && lines.includes('x{c_d="1"} -3') && lines.includes('x{k_10000="x"} 10000'));
  }
  assert.deepEqual(met, []);
});

const op = fc.record({
  metric: fc.constantFrom('a.b', 'a_b', 'a-b', 'c.d'),
  bounds: fc.constantFrom([], [1]),
  labels: fc.dictionary(fc.constantFrom('k.l', 'k_l', 'm'), fc.constantFrom('1', '2', '"'), { maxKeys: 2 }),
  reads: fc.constantFrom<TextFormat | undefined>(undefined, undefined, 'text', 'openmetrics'),
});

test('whatever comes and goes: each series that comes out is there, once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 20, maxLength: 60 }), async (ops) => {
      const store = createStore();
      const source = store.source({ scope: { name: '' } });
      const renderer = createRenderer(store.view, { strategy: 'NoTranslation', escaping: 'underscores' });
      const groups = new Map<string, Family>();
      const families = new Map<string, Family>();
      const rows = new Map<string, { readonly family: Family; readonly row: number; readonly series: string }>();
      for (const { metric, bounds, labels, reads } of ops) {
        const key = JSON.stringify([metric, Object.entries(labels).sort()]);
        const there = rows.get(key);
        if (there !== undefined) {
          // Comes again under the same name: it goes, and its family with the last one.
          there.family.drop(there.row);
          rows.delete(key);
          if (there.family.size === 0) {
            there.family.end();
            for (const [name, family] of families) if (family === there.family) families.delete(name);
          }
        } else {
          const name = `${metric} ${bounds}`;
          const beside = groups.get(metric);
          const family = families.get(name) ?? source.family({ ...spec, name: metric, kind: 'histogram', bounds }, true, beside);
          families.set(name, family);
          if (beside === undefined) groups.set(metric, family);
          const values = new Map<string, string>();
          for (const label of Object.keys(labels).sort()) {
            const plain = label.replace('.', '_');
            values.set(plain, values.has(plain) ? `${values.get(plain)};${labels[label]}` : (labels[label] as string));
          }
          const series = `${metric.replace(/\W/, '_')} ${JSON.stringify([...values].sort())}`;
          rows.set(key, { family, row: takeRow(family, labels, 0), series });
        }
        if (reads === undefined) continue;
        const { body } = (await renderer.render(reads)) as Rendering;
        const shown = [
          ...Buffer.from(body)
            .toString()
            .matchAll(/^(\w+)_count(?:\{(.*)\})? \d+$/gm),
        ].map(([, name, text = '']) => {
          const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, value = '']) => [
            label,
            value.replaceAll('\\"', '"'),
          ]);
          return `${name} ${JSON.stringify(pairs.sort())}`;
        });
        assert.deepEqual(shown.sort(), [...new Set([...rows.values()].map(({ series }) => series))].sort());
      }
    }),
    { numRuns: 60 },
  );
});
