/** A page of some families: they are as on the whole page, and nothing of the others is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type FamilySpec, type Store, type View } from '../../../../src/core/store/index.ts';
import { escapings } from '../../../../src/formats/exposition/escaping.ts';
import { createRenderer, type Rendering, type TextFormat } from '../../../../src/formats/exposition/index.ts';
import type { RendererOptions } from '../../../../src/formats/exposition/write/renderer.ts';
import { takeRow } from '../../../core/store/labels.ts';

const spec: FamilySpec = { name: '', kind: 'gauge', unit: '', help: 'Help.', labels: [], maxAgeMs: 60_000 };
const formats = ['openmetrics', 'text'] as const;

function put(store: Store, own: Partial<FamilySpec>, rows: readonly number[] = [1], scope = 'app') {
  const family = store.source({ scope: { name: scope } }).family({ ...spec, ...own } as FamilySpec, true);
  for (const [at, value] of rows.entries()) takeRow(family, rows.length === 1 ? {} : { row: `${at}` }, 0, value);
  return family;
}

function some(): Store {
  const store = createStore();
  put(store, { name: 'app.level' }, [3]);
  put(store, { name: 'app.runs', kind: 'counter' }, [5]);
  put(store, { name: 'app.time', kind: 'histogram', unit: 's', bounds: [1] }, [0]);
  put(store, { name: 'app.info', kind: 'info' }, [1]);
  return store;
}

async function page(
  view: View,
  format: TextFormat,
  names?: readonly string[],
  options: RendererOptions = {},
): Promise<Rendering> {
  const only = names === undefined ? undefined : new Set(names);
  return (await createRenderer(view, options).render(format, { only })) as Rendering;
}

const textOf = ({ body }: Rendering): string => Buffer.from(body).toString();

/** Typed from the formats' rules, not from what is written. */
const pages: readonly (readonly [names: readonly string[], text: string, openMetrics: string, series: number])[] = [
  [
    ['app_level'],
    '# HELP app_level Help.\n# TYPE app_level gauge\napp_level 3\n',
    '# TYPE app_level gauge\n# HELP app_level Help.\napp_level 3\n',
    1,
  ],
  [
    ['app_runs_total', 'app_level'],
    '# HELP app_level Help.\n# TYPE app_level gauge\napp_level 3\n# HELP app_runs_total Help.\n# TYPE app_runs_total counter\napp_runs_total 5\n',
    '# TYPE app_level gauge\n# HELP app_level Help.\napp_level 3\n# TYPE app_runs counter\n# HELP app_runs Help.\napp_runs_total 5\n',
    2,
  ],
  // As in client_golang, whose counters are named with their suffix, and whose histograms without.
  [['app_runs'], '', '', 0],
  [['app_time_seconds_bucket'], '', '', 0],
  [['nothing_of_this_name'], '', '', 0],
  [[''], '', '', 0],
  [[], '', '', 0],
];
for (const [names, text, openMetrics, series] of pages) {
  test(`only ${JSON.stringify(names)}`, async () => {
    const { view } = some();
    assert.equal(textOf(await page(view, 'text', names)), text);
    const other = await page(view, 'openmetrics', names);
    assert.equal(textOf(other), `${openMetrics}# EOF\n`);
    assert.equal(other.series, series);
  });
}

test('a histogram is there with all of its samples', async () => {
  const text = textOf(await page(some().view, 'text', ['app_time_seconds']));
  assert.deepEqual(
    text.split('\n').map((line) => line.split(/[{ ]/, 1)[0]),
    ['#', '#', 'app_time_seconds_bucket', 'app_time_seconds_bucket', 'app_time_seconds_sum', 'app_time_seconds_count', ''],
  );
});

test('no row of another family is read', async () => {
  const store = createStore();
  put(store, { name: 'app.level' });
  put(
    store,
    { name: 'app.many', labels: ['row'] },
    Array.from({ length: 50 }, (_, at) => at),
  );
  const read: string[] = [];
  const view: View = {
    walk: (visitor, from, cells) =>
      store.view.walk(
        {
          family: (family) => visitor.family(family),
          row(family, ...rest) {
            read.push(family.spec.name);
            visitor.row(family, ...rest);
          },
        },
        from,
        cells,
      ),
  };
  await page(view, 'text', ['app_level']);
  assert.deepEqual(read, ['app.level']);
});

test('of what the others leave out nothing is told', async () => {
  const store = createStore({ clock: () => 0 });
  put(store, { name: 'app.level' });
  store.source({ scope: { name: 'app' } }).family({ ...spec, name: 'app.unknown' }, false);
  put(store, { name: 'app.runs', kind: 'counter' });
  put(store, { name: 'app.runs_total' }, [1], 'other');
  for (const format of formats) {
    const whole = await page(store.view, format);
    assert.deepEqual([whole.unknown, whole.omitted.map(({ family }) => family)], [['app_unknown'], ['app_runs_total']]);
    const { unknown, omitted } = await page(store.view, format, ['app_level']);
    assert.deepEqual([unknown, omitted], [[], []]);
    const told = await page(store.view, format, ['app_unknown', 'app_runs_total']);
    assert.deepEqual([told.unknown, told.omitted.length, told.series], [['app_unknown'], 1, 1]);
  }
});

test('a name is that of the same family as on the whole page', async () => {
  const store = createStore();
  put(store, { name: 'app.x', kind: 'histogram', bounds: [1] }, [0]);
  put(store, { name: 'app.x_count' }, [7], 'other');
  for (const format of formats) assert.equal((await page(store.view, format, ['app_x_count'])).series, 0);
});

test('what one page leaves out for its size, a page of some families shows, and the next whole page leaves out', async () => {
  const store = createStore();
  put(store, { name: 'app.small' });
  put(
    store,
    { name: 'app.large', labels: ['row'] },
    Array.from({ length: 500 }, (_, at) => at),
  );
  const renderer = createRenderer(store.view);
  const left = async (only?: readonly string[]) => {
    const given = { maxBytes: 12_000, ...(only && { only: new Set(only) }) };
    const { omitted, series } = (await renderer.render('text', given)) as Rendering;
    return [omitted.map(({ family }) => family), series];
  };
  put(
    store,
    { name: 'app.middle', labels: ['row'] },
    Array.from({ length: 100 }, (_, at) => at),
  );
  const whole = [['app_large'], 101];
  assert.deepEqual(await left(), whole);
  assert.deepEqual(await left(['app_large']), [['app_large'], 0]);
  assert.deepEqual(await left(['app_middle', 'app_small']), [[], 101]);
  assert.deepEqual(await left(), whole);
});

for (const escaping of escapings) {
  test(`escaping=${escaping}: a family has the name that it was given, as in a Collector, and the one that is written`, async () => {
    const store = createStore();
    put(store, { name: 'app.http requests' }, [4]);
    const options: RendererOptions = { strategy: 'NoTranslation', escaping };
    const whole = await page(store.view, 'text', undefined, options);
    assert.equal(whole.series, 1);
    assert.equal(textOf(await page(store.view, 'text', ['app.http requests'], options)), textOf(whole));
    const written = /^# TYPE (?:"(.*)"|(\S+)) gauge$/m.exec(textOf(whole));
    assert.equal(textOf(await page(store.view, 'text', [written?.[1] ?? written?.[2] ?? '?'], options)), textOf(whole));
    assert.equal((await page(store.view, 'text', ['app.http'], options)).series, 0);
  });
}
