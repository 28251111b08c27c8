/** The lines `_created` of OpenMetrics 1.0, typed by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { createStore, type FamilySpec, type View } from '../../../../src/core/store/index.ts';
import { createRemoteView } from '../../../../src/core/store/threads/remote-view.ts';
import { parseExposition } from '../../../../src/formats/exposition/index.ts';
import { createRenderer } from '../../../../src/formats/exposition/write/renderer.ts';
import { labelsOf } from '../../../core/store/labels.ts';

const base = { unit: '', labels: ['a'], maxAgeMs: 60_000 } as const;
const spec = (name: string, kind: FamilySpec['kind'], over: Partial<FamilySpec> = {}): FamilySpec => ({
  name,
  kind,
  help: `${name}.`,
  ...base,
  ...over,
});

function filled() {
  const store = createStore();
  const source = store.source({ scope: { name: 'test' } });
  const put = (given: FamilySpec, a: string, startMs: number, ...cells: number[]) => {
    const family = source.family(given, true);
    const row = family.row(labelsOf({ a }), startMs);
    family.cells.set(cells, row * family.stride);
    return family;
  };
  put(spec('runs', 'counter'), 'x', 1_700_000_000_123, 5);
  put(spec('kept', 'counter', { unknownStart: true }), 'x', 1_700_000_000_000, 5);
  put(spec('unstarted', 'counter'), 'x', 0, 5);
  put(spec('level', 'gauge'), 'x', 1_700_000_000_000, 5);
  put(spec('active', 'updowncounter'), 'x', 1_700_000_000_000, 5);
  put(spec('as_is', 'counter', { exposed: { series: 'as_is', openMetrics: 'as_is' } }), 'x', 1_700_000_000_000, 5);
  put(spec('wait', 'histogram', { bounds: [1], exemplars: true }), 'x', 1_700_000_001_000, 1, 2, 6);
  put(spec('size', 'histogram', { bounds: [1], exponential: { maxSize: 4, maxScale: 0 } }), 'x', 1_700_000_001_000, 1, 0, 1);
  put(spec('parse', 'summary'), 'x', 1_700_000_002_500, 3, 9);
  const sorted = put(spec('sorted', 'counter', { sorted: true }), 'b', 1_700_000_000_002, 2);
  sorted.row(labelsOf({ a: 'a' }), 1_700_000_000_001, 1);
  sorted.row(labelsOf({ a: 'c' }), 0, 3);
  return store;
}

const openMetrics = `# TYPE runs counter
# HELP runs runs.
runs_total{a="x"} 5
runs_created{a="x"} 1700000000.123
# TYPE kept counter
# HELP kept kept.
kept_total{a="x"} 5
# TYPE unstarted counter
# HELP unstarted unstarted.
unstarted_total{a="x"} 5
# TYPE level gauge
# HELP level level.
level{a="x"} 5
# TYPE active gauge
# HELP active active.
active{a="x"} 5
# TYPE as_is unknown
# HELP as_is as_is.
as_is{a="x"} 5
# TYPE wait histogram
# HELP wait wait.
wait_bucket{a="x",le="1.0"} 1
wait_bucket{a="x",le="+Inf"} 3
wait_sum{a="x"} 6
wait_count{a="x"} 3
wait_created{a="x"} 1700000001
# TYPE size histogram
# HELP size size.
size_bucket{a="x",le="1.0"} 1
size_bucket{a="x",le="+Inf"} 1
size_sum{a="x"} 1
size_count{a="x"} 1
size_created{a="x"} 1700000001
# TYPE parse summary
# HELP parse parse.
parse_sum{a="x"} 9
parse_count{a="x"} 3
parse_created{a="x"} 1700000002.5
# TYPE sorted counter
# HELP sorted sorted.
sorted_total{a="a"} 1
sorted_created{a="a"} 1700000000.001
sorted_total{a="b"} 2
sorted_created{a="b"} 1700000000.002
sorted_total{a="c"} 3
# EOF
`;

async function pages(view: View, created?: boolean): Promise<readonly [string, string]> {
  const renderer = createRenderer(view, created === undefined ? {} : { created });
  const [text, om] = await Promise.all([renderer.render('text'), renderer.render('openmetrics')]);
  assert.ok(text.tooLarge === undefined && om.tooLarge === undefined);
  return [Buffer.from(text.body).toString(), Buffer.from(om.body).toString()];
}

test('they follow the lines of each counter, histogram and summary whose start is known, in OpenMetrics alone', async () => {
  const { view } = filled();
  const [text, om] = await pages(view, true);
  assert.equal(om, openMetrics);
  const parsed = parseExposition(om, 'openmetrics');
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.doesNotMatch(text, /_created/);
});

test('there are none by default', async () => {
  const [text, om] = await pages(filled().view);
  assert.doesNotMatch(text + om, /_created/);
  assert.equal(om, openMetrics.replaceAll(/^.*_created.*\n/gm, ''));
});

test('a renderer in another thread writes the same', async (t) => {
  const store = filled();
  const { port1, port2 } = new MessageChannel();
  store.share(port1);
  t.after(() => port2.close());
  assert.equal((await pages(createRemoteView(port2), true))[1], openMetrics);
});

test('they are counted where a page is measured: a page as large as its limit is written', async () => {
  const renderer = createRenderer(filled().view, { created: true });
  const bytes = Buffer.byteLength(openMetrics);
  const fits = await renderer.render('openmetrics', { maxBytes: bytes });
  assert.ok(fits.tooLarge === undefined);
  assert.deepEqual([fits.body.length, fits.omitted], [bytes, []]);
  const less = await renderer.render('openmetrics', { maxBytes: bytes - 1 });
  assert.ok(less.tooLarge === undefined);
  assert.equal(less.omitted.length, 1);
});
