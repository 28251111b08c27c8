import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Attributes } from '@opentelemetry/api';
import { createStore, type Family, type FamilySpec, type Store } from '../../../src/core/store/index.ts';
import { createRenderer, type Rendering } from '../../../src/formats/exposition/index.ts';
import { takeRow } from '../../core/store/labels.ts';

/** The expected files are typed from the norms: OpenMetrics 1.0 and Prometheus' exposition formats. */
const golden = new URL('./golden/', import.meta.url);

interface Case extends Partial<FamilySpec> {
  readonly name: string;
  readonly kind: FamilySpec['kind'];
  readonly unit: string;
  readonly help: string;
  /** Observed, and last good so long ago; null: never. */
  readonly ageMs?: number | null;
  readonly rows: readonly (readonly [Attributes, readonly (number | string)[]])[];
}

const now = 1_800_000_000_000;

function storeOf(cases: readonly Case[]): Store {
  let time = now;
  const store = createStore({ clock: () => time });
  const source = store.source({ scope: { name: 'golden' } });
  for (const { rows, ageMs, ...spec } of cases) {
    const family = source.family({ labels: [], maxAgeMs: 60_000, ...spec }, ageMs === undefined);
    time = now - (ageMs ?? 0);
    if (ageMs === undefined) fill(family, rows);
    else if (ageMs !== null) source.replace([family], () => fill(family, rows));
  }
  return store;
}

function fill(family: Family, rows: Case['rows']): void {
  for (const [attributes, cells] of rows) {
    const row = takeRow(family, attributes, 0);
    family.cells.set(cells.map(Number), row * family.stride);
  }
}

const names = readdirSync(golden)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

for (const name of names) {
  for (const format of ['openmetrics', 'text'] as const) {
    test(`golden ${name} in ${format}`, async () => {
      const cases = JSON.parse(readFileSync(new URL(`${name}.json`, golden), 'utf8')) as readonly Case[];
      const renderer = createRenderer(storeOf(cases).view, { clock: () => now });
      const expected = readFileSync(new URL(`${name}.${format}`, golden), 'utf8');
      const first = (await renderer.render(format)) as Rendering;
      assert.equal(Buffer.from(first.body).toString(), expected);
      const second = (await renderer.render(format)) as Rendering;
      assert.equal(Buffer.from(second.body).toString(), expected, 'again, from the cache');
      assert.equal(first.series, expected.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length);
    });
  }
}
