/** A page beyond its limit: the largest families are missing, whole, and nothing else is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, type FamilySpec, type View, type Visitor } from '../../../../src/core/store/index.ts';
import { createRenderer, type Rendering, type TextFormat } from '../../../../src/formats/exposition/index.ts';
import type { RendererOptions } from '../../../../src/formats/exposition/write/renderer.ts';
import { takeRow } from '../../../core/store/labels.ts';

const spec: FamilySpec = {
  name: '',
  kind: 'gauge',
  unit: '',
  help: 'Help.',
  labels: ['text'],
  maxAgeMs: 60_000,
  scopeLabels: true,
};

interface Given {
  /** A family that is merged with the one before where `joins`. */
  readonly families: readonly {
    readonly rows: number;
    readonly length: number;
    readonly sorted: boolean;
    readonly joins: boolean;
  }[];
  readonly format: TextFormat;
  /** Of the whole page. */
  readonly share: number;
}

const given: fc.Arbitrary<Given> = fc.record({
  families: fc.array(
    fc.record({ rows: fc.nat({ max: 60 }), length: fc.nat({ max: 300 }), sorted: fc.boolean(), joins: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 12,
    },
  ),
  format: fc.constantFrom('openmetrics', 'text'),
  share: fc.double({ min: 0.01, max: 1.1, noNaN: true }),
});

function build({ families }: Given, pace?: RendererOptions['pace']) {
  const store = createStore();
  for (const [at, { rows, length, sorted, joins }] of families.entries()) {
    const own = { ...spec, name: `app.${'x'.repeat(at)}${joins ? 'joined' : at}`, sorted };
    const family = store.source({ scope: { name: `s${at}` } }).family(joins ? { ...own, name: 'app.joined' } : own, true);
    for (let row = 0; row < rows; row++) takeRow(family, { text: `${row}`.padEnd(length, 'y') }, 0, row);
  }
  return createRenderer(store.view, pace === undefined ? {} : { pace });
}

/** The text of each exposed name, in the page's order. */
function piecesOf(page: string): { readonly name: string; readonly text: string }[] {
  const start = page.startsWith('# HELP') ? '# HELP ' : '# TYPE ';
  return page
    .replace(/# EOF\n$/, '')
    .split(new RegExp(`^(?=${start})`, 'm'))
    .filter((text) => text !== '')
    .map((text) => ({ name: text.split(' ')[2] as string, text }));
}

async function pageOf(one: Given, maxBytes?: number) {
  const { body, omitted, series } = (await build(one).render(
    one.format,
    maxBytes === undefined ? {} : { maxBytes },
  )) as Rendering;
  return { text: Buffer.from(body).toString(), omitted: omitted.map(({ family, reason }) => `${family} ${reason}`), series };
}

/** What the page should be without some of its families. */
function without(pieces: ReturnType<typeof piecesOf>, left: ReadonlySet<string>, end: string) {
  const text = pieces.map((piece) => (left.has(piece.name) ? '' : piece.text)).join('') + end;
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  return { text, omitted: new Set([...left].map((name) => `${name} size`)), series };
}

for (const merged of [false, true]) {
  test(`what is missing is whole families, the largest ones, until the rest fits: ${merged ? 'some are merged' : 'none is merged'}`, async () => {
    await fc.assert(
      fc.asyncProperty(given, async ({ families, format, share }) => {
        const one = { families: families.map((family) => ({ ...family, joins: merged && family.joins })), format, share };
        const whole = await pageOf(one);
        const end = format === 'openmetrics' ? '# EOF\n' : '';
        const maxBytes = Math.max(end.length, Math.ceil(whole.text.length * share));
        const pieces = piecesOf(whole.text);
        // Which of two that are equally large has to go is not said.
        fc.pre(new Set(pieces.map(({ text }) => text.length)).size === pieces.length);
        const shown = await pageOf(one, maxBytes);
        const left = new Set<string>();
        for (const { name } of pieces.toSorted((a, b) => b.text.length - a.text.length)) {
          if (without(pieces, left, end).text.length > maxBytes) left.add(name);
        }
        assert.deepEqual({ ...shown, omitted: new Set(shown.omitted) }, without(pieces, left, end));
      }),
      { numRuns: 300 },
    );
  });
}

test('a page whose largest family changes with each that comes takes no more memory than some times its limit', async () => {
  const families = Array.from({ length: 60 }, (_, at) => ({ rows: 2_000 - at, length: 300, sorted: false, joins: false }));
  let most = 0;
  const due = () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers);
    return false;
  };
  const renderer = build({ families, format: 'text', share: 1 }, () => ({ due, rest: async () => {} }));
  const maxBytes = 1_000_000;
  const render = async () => ((await renderer.render('text', { maxBytes })) as Rendering).release();
  // Lines are kept from one rendering to the next.
  await render();
  const before = process.memoryUsage().arrayBuffers;
  most = 0;
  await render();
  assert.ok(most > 0 && most - before < 3 * maxBytes, `${most - before} bytes`);
});

/** Walks that were begun to write or to measure, and rows that they visited. */
function watched(view: View) {
  const seen = { walks: 0, rows: 0 };
  const walk: View['walk'] = (visitor, from, cells) => {
    if (from === undefined && 'next' in visitor) seen.walks++;
    const counting: Visitor = {
      family: (family) => visitor.family(family),
      row(...given) {
        seen.rows++;
        visitor.row(...given);
      },
      get enough() {
        return visitor.enough === true;
      },
    };
    return view.walk(counting, from, cells);
  };
  return { view: { ...view, walk }, seen };
}

/** Rows of some 330 bytes, of 20 owners. */
function growing() {
  const store = createStore();
  const family = store.source({ scope: { name: 's' } }).family({ ...spec, name: 'app.f' }, true);
  let rows = 0;
  function grow(by: number): void {
    for (const end = rows + by; rows < end; rows++) takeRow(family, { text: `${rows}`.padEnd(300, 'y') }, 0, rows);
  }
  grow(20_000);
  return { ...watched(store.view), grow, owners: { of: (_: unknown, row: number) => row % 20, nameOf: () => '' } };
}

/** For half of them. */
const half = 3_300_000;

test('what has become twice too large is not written until the page is full, to be measured only then', async () => {
  const { view, seen, grow, owners } = growing();
  const renderer = createRenderer(view, { owners });
  const { omitted } = (await renderer.render('text', { maxBytes: half })) as Rendering;
  assert.ok(omitted.length >= 10 && omitted.length <= 11, String(omitted.length));
  assert.equal(seen.walks, 3);
  assert.ok(seen.rows < 2.2 * 20_000, String(seen.rows));
  // Without more rows it is not measured again, and with many more it is.
  await renderer.render('text', { maxBytes: half });
  assert.equal(seen.walks, 4);
  grow(10_000);
  await renderer.render('text', { maxBytes: half });
  assert.equal(seen.walks, 7);
});

test('a flood that begins while a page is measured costs those their series that flood, and nobody else', async () => {
  const store = createStore();
  const family = store.source({ scope: { name: 's' } }).family({ ...spec, name: 'app.grows' }, true);
  const few = 100;
  let rows = 0;
  const grow = (by: number) => {
    for (const last = rows + by; rows < last; rows++) takeRow(family, { text: `${rows}`.padEnd(300, 'y') }, 0, rows);
  };
  grow(few);
  const pace = () => ({ due: () => true, rest: async () => grow(rows < 60_000 ? 2_000 : 0) });
  const owners = { of: (_: unknown, row: number) => (row <= few ? 0 : 1), nameOf: () => '' };
  const rendering = (await createRenderer(store.view, { pace, owners }).render('text', { maxBytes: 1_000_000 })) as Rendering;
  assert.equal(rendering.series, few);
});

test('of a page that grows while it is measured, so much is left out that it need not be written once more', async () => {
  const { view, seen, grow, owners } = growing();
  const pace = () => ({ due: () => true, rest: async () => grow(20) });
  const rendering = (await createRenderer(view, { pace, owners }).render('text', { maxBytes: half })) as Rendering;
  assert.ok(rendering.body.length > half / 2, String(rendering.body.length));
  assert.equal(seen.walks, 3);
});
