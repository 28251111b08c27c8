/** Families of one exposed name: what OpenMetrics and text 0.0.4 want in one piece, from several scopes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from '@opentelemetry/api';
import { createStore, type FamilySpec, type Scope } from '../../../../src/core/store/index.ts';
import { createRenderer, parseExposition, type Rendering, type TextFormat } from '../../../../src/formats/exposition/index.ts';
import { takeRow } from '../../../core/store/labels.ts';

const calls: FamilySpec = {
  name: 'lib.calls',
  kind: 'counter',
  unit: '',
  help: 'Calls.',
  labels: [],
  maxAgeMs: 60_000,
  scopeLabels: true,
};

function open() {
  const store = createStore();
  const renderer = createRenderer(store.view);
  return {
    add(scope: Scope, spec: Partial<FamilySpec>, ...rows: readonly (readonly [Attributes, ...number[]])[]) {
      const family = store.source({ scope }).family({ ...calls, ...spec }, true);
      for (const [attributes, ...cells] of rows) family.cells.set(cells, takeRow(family, attributes, 0) * family.stride);
    },
    async page(format: TextFormat) {
      const { body, omitted, series } = (await renderer.render(format)) as Rendering;
      const text = Buffer.from(body).toString();
      const parsed = parseExposition(text, format);
      assert.ok(parsed.ok, JSON.stringify(parsed));
      return { text, omitted, series };
    },
  };
}

test('families of two scopes are one, with what stands between them behind it', async () => {
  const { add, page } = open();
  add({ name: 'a', version: '1' }, {}, [{ x: 1 }, 1], [{}, 2]);
  add({ name: 'a', version: '1' }, { name: 'lib.other' }, [{}, 3]);
  add({ name: 'b', version: '2' }, { sorted: true }, [{ x: 2 }, 5], [{ x: 1 }, 4]);
  add({ name: 'c' }, { name: 'lib.last', kind: 'gauge' }, [{}, 6]);
  const { text, omitted, series } = await page('openmetrics');
  assert.equal(
    text,
    `# TYPE lib_calls counter
# HELP lib_calls Calls.
lib_calls_total{x="1",otel_scope_name="a",otel_scope_version="1"} 1
lib_calls_total{otel_scope_name="a",otel_scope_version="1"} 2
lib_calls_total{x="1",otel_scope_name="b",otel_scope_version="2"} 4
lib_calls_total{x="2",otel_scope_name="b",otel_scope_version="2"} 5
# TYPE lib_other counter
# HELP lib_other Calls.
lib_other_total{otel_scope_name="a",otel_scope_version="1"} 3
# TYPE lib_last gauge
# HELP lib_last Calls.
lib_last{otel_scope_name="c",otel_scope_version=""} 6
# EOF
`,
  );
  assert.deepEqual([omitted, series], [[], 6]);
});

for (const format of ['openmetrics', 'text'] as const) {
  test(`${format}: other bounds, another help and kinds of one TYPE are merged, and the first help is shown`, async () => {
    const { add, page } = open();
    add({ name: 'a' }, { name: 'lib.time', kind: 'histogram', bounds: [1] }, [{}, 1, 2, 3]);
    add({ name: 'b' }, { name: 'lib.size', kind: 'updowncounter' }, [{}, 1]);
    add({ name: 'b' }, { name: 'lib.time', kind: 'histogram', bounds: [2, 4], help: 'Otherwise.' }, [{}, 1, 1, 1, 9]);
    add({ name: 'c' }, { name: 'lib.size', kind: 'gauge', help: '' }, [{}, 2]);
    const { text, omitted, series } = await page(format);
    assert.equal(text.match(/^# TYPE lib_time histogram$/gm)?.length, 1);
    assert.equal(text.match(/^# HELP lib_time Calls\.$/gm)?.length, 1);
    assert.equal(text.match(/^# TYPE lib_size gauge$/gm)?.length, 1);
    assert.equal(series, 4 + 5 + 2);
    assert.deepEqual(omitted, [{ family: 'lib_time', reason: 'metadata', scopes: ['"a"', '"b"'] }]);
  });

  test(`${format}: another TYPE, or the same scope again, is left out and named`, async () => {
    const { add, page } = open();
    add({ name: 'a' }, {}, [{}, 1]);
    add({ name: 'b' }, { name: 'lib.calls.total', kind: 'gauge' }, [{}, 2]);
    add({ name: 'a' }, { name: 'lib/calls' }, [{}, 3]);
    add({ name: 'a', schemaUrl: 'https://example.org/1' }, {}, [{}, 4]);
    const { text, omitted } = await page(format);
    assert.deepEqual(text.match(/^lib_calls_total.*$/gm), [
      'lib_calls_total{otel_scope_name="a",otel_scope_version=""} 1',
      'lib_calls_total{otel_scope_name="a",otel_scope_version="",otel_scope_schema_url="https://example.org/1"} 4',
    ]);
    const left = { family: 'lib_calls_total', reason: 'name' };
    assert.deepEqual(omitted, [left, left]);
  });
}

test("a contract's family and a foreign one are one: only the foreign series have the labels of the scope", async () => {
  const { add, page } = open();
  add({ name: 'shop' }, { scopeLabels: false }, [{}, 1]);
  add({ name: 'lib' }, {}, [{}, 2]);
  add({ name: 'other contract' }, { scopeLabels: false }, [{}, 3]);
  const { text, omitted } = await page('text');
  assert.deepEqual(text.match(/^lib_calls_total.*$/gm), [
    'lib_calls_total 1',
    'lib_calls_total{otel_scope_name="lib",otel_scope_version=""} 2',
  ]);
  assert.deepEqual(omitted, [{ family: 'lib_calls_total', reason: 'name' }]);
});

test('attributes that are called like the labels of a scope are exported ones', async () => {
  const { add, page } = open();
  add({ name: 'a' }, {}, [{ otel_scope_name: 'mine', 'otel.scope.version': '9', otel_scope_x: 'x' }, 1]);
  const { text } = await page('openmetrics');
  const own = 'otel_scope_x="x"';
  assert.match(
    text,
    new RegExp(
      `^lib_calls_total{exported_otel_scope_version="9",exported_otel_scope_name="mine",${own},otel_scope_name="a",otel_scope_version=""} 1$`,
      'm',
    ),
  );
});
