/**
 * What ends an OpenMetrics page for strict readers is not on it (OpenMetrics 1.0: a sum is not negative and not NaN, `_count` of
 * a histogram is never without
 * `_sum`, quantiles are not negative). Lines are typed by hand.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type FamilySpec } from '../../../../src/core/store/index.ts';
import { createRenderer, type Rendering } from '../../../../src/formats/exposition/index.ts';

const base = { unit: '', help: '', labels: [], maxAgeMs: 60_000 } as const;

async function shown(
  spec: Partial<FamilySpec> & Pick<FamilySpec, 'kind'>,
  cells: readonly number[],
  format: 'openmetrics' | 'text',
) {
  const store = createStore();
  const family = store.source({ scope: { name: 's' } }).family({ name: 'x', ...base, ...spec }, true);
  family.cells.set(cells, family.row({ values: [] }, 0) * family.stride);
  const { body, omitted, series } = (await createRenderer(store.view).render(format)) as Rendering;
  const lines = Buffer.from(body).toString().split('\n');
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(series, samples.length);
  return { samples, omitted };
}

const told = [{ family: 'x', reason: 'totals' }];
const histogram = { kind: 'histogram', bounds: [1] } as const;
const summary = { kind: 'summary', quantiles: [0.5, 0.9] } as const;
const buckets = ['x_bucket{le="1.0"} 1', 'x_bucket{le="+Inf"} 3'];

for (const sum of [Number.NaN, -5.5]) {
  for (const timestamps of [false, true]) {
    test(`a sum of ${sum}${timestamps ? ', with a time' : ''}`, async () => {
      assert.deepEqual(await shown({ ...histogram, timestamps }, [1, 2, sum], 'openmetrics'), {
        samples: buckets,
        omitted: told,
      });
      const quantiles = ['x{quantile="0.5"} 1', 'x{quantile="0.9"} NaN'];
      assert.deepEqual(await shown({ ...summary, timestamps }, [3, sum, 1, Number.NaN], 'openmetrics'), {
        samples: [...quantiles, 'x_count 3'],
        omitted: told,
      });
      assert.deepEqual(await shown({ ...histogram, timestamps }, [1, 2, sum], 'text'), {
        samples: ['x_bucket{le="1"} 1', 'x_bucket{le="+Inf"} 3', `x_sum ${sum}`, 'x_count 3'],
        omitted: [],
      });
    });
  }
}

test('a negative quantile', async () => {
  assert.deepEqual(await shown(summary, [3, 4, -2, 1], 'openmetrics'), {
    samples: ['x{quantile="0.9"} 1', 'x_sum 4', 'x_count 3'],
    omitted: told,
  });
});
