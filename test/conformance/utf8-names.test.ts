/**
 * Whatever a metric and its labels are called: Python's strict parser reads the names that were given from a page in quotes, and
 * accepts every escaped page.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, type FamilySpec } from '../../src/core/store/index.ts';
import { type Escaping, escapings } from '../../src/formats/exposition/escaping.ts';
import { createRenderer, type Rendering, type TextFormat } from '../../src/formats/exposition/index.ts';
import { requirePeer } from './peers.ts';
import { parseWithPython } from './strict-openmetrics.ts';

const seed = Number(process.env.METERBRIDGE_SEED ?? 1);
const families = 400;

/** Characters that a format escapes, that somebody splits lines or labels at, or that an escaping makes the same. */
const weird = [
  '"',
  '\\',
  '\n',
  '\\n',
  '.',
  '_',
  '{',
  '}',
  ',',
  '=',
  ' ',
  '#',
  '# EOF',
  '1',
  ':',
  '\r',
  '\u0085',
  '\u2028',
  'ä',
  '漢',
  '📚',
  'U__',
];
const piece = fc.oneof(
  fc.constantFrom(...weird),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
  fc.string({ unit: 'grapheme-ascii' }),
);
const name = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('').replaceAll('\0', ''));
const label = name.filter((text) => text !== '' && !text.startsWith('__') && text !== 'le' && text !== 'quantile');
const metric = fc.record({
  name,
  kind: fc.constantFrom('gauge' as const, 'counter' as const, 'histogram' as const),
  labels: fc.dictionary(label, name, { maxKeys: 4 }),
});

/** As sent: the same each time. Numbered, so that no family has a sample name of another. */
const metrics = fc.sample(metric, { numRuns: families, seed }).map((one, at) => ({ ...one, name: `${one.name}x${at}x` }));

function pageOf(escaping: Escaping, format: TextFormat): Promise<string> {
  const store = createStore();
  const source = store.source({ scope: { name: '' } });
  for (const { name: given, kind, labels } of metrics) {
    const names = Object.keys(labels).sort();
    const shape = kind === 'histogram' ? ({ kind, bounds: [1] } as const) : { kind };
    const own = kind === 'counter' ? `${given}_total` : given;
    const spec: FamilySpec = { ...shape, name: own, unit: '', help: given, labels: names, maxAgeMs: 60_000 };
    const family = source.family(spec, true);
    // The second row has none of the labels: it is made in another way.
    family.row({ names, values: names.map((one) => labels[one] as string) }, 0);
    if (names.length > 0) family.row({ names: [], values: [] }, 0);
  }
  const renderer = createRenderer(store.view, { strategy: 'NoTranslation', escaping });
  return Promise.resolve(renderer.render(format)).then((page) => Buffer.from((page as Rendering).body).toString());
}

const suffixes = { gauge: [''], counter: ['_total'], histogram: ['_bucket', '_bucket', '_sum', '_count'] };

for (const format of ['openmetrics', 'text'] as const) {
  test(`${format}: names in quotes come back as they were`, async (t) => {
    const python = requirePeer(t, 'parser');
    if (python === undefined) return;
    t.diagnostic(`METERBRIDGE_SEED=${seed}`);
    const expected = metrics.flatMap(({ name: given, kind, labels }) =>
      [labels, ...(Object.keys(labels).length > 0 ? [{}] : [])].flatMap((own) =>
        suffixes[kind].map((suffix) => JSON.stringify([given + suffix, Object.entries(own).sort()])),
      ),
    );
    const read = parseWithPython(python, await pageOf('allow-utf-8', format), format).map(({ name: found, labels }) => {
      const own = Object.entries(labels).filter(([one]) => one !== 'le');
      return JSON.stringify([found, own.sort()]);
    });
    assert.deepEqual(read.sort(), expected.sort());
  });

  for (const escaping of escapings.filter((one) => one !== 'allow-utf-8')) {
    test(`${format}: escaped by ${escaping}, no series is there twice, and no name needs quotes`, async (t) => {
      const python = requirePeer(t, 'parser');
      if (python === undefined) return;
      const samples = parseWithPython(python, await pageOf(escaping, format), format);
      const keys = samples.map(({ name: found, labels }) => JSON.stringify([found, Object.entries(labels).sort()]));
      assert.equal(new Set(keys).size, keys.length);
      assert.equal(new Set(samples.map(({ name: found }) => found.replace(/_(total|bucket|sum|count)$/, ''))).size, families);
      for (const { name: found, labels } of samples) {
        assert.match(found, /^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
        for (const one of Object.keys(labels)) assert.match(one, /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/);
      }
    });
  }
}
