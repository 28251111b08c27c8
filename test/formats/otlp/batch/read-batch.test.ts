import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import {
  histogramAt,
  metricAt,
  metricType,
  pointAt,
  resourceAt,
  scopeAt,
} from '../../../../src/formats/otlp/batch/batch-index.ts';
import {
  bucketsOf,
  copyBuckets,
  countAt,
  doubleAt,
  hasBounds,
  millisAt,
  numberOf,
} from '../../../../src/formats/otlp/batch/batch-values.ts';
import { createMetricsWriter, encodeAttributes } from '../../../../src/formats/otlp/index.ts';

const head = { description: '', unit: '1', temporality: 'cumulative', monotonic: true } as const;
const none = encodeAttributes({});
const place = { attributes: none, from: 0, to: 0, startMs: 1000, timeMs: 2000.5 };

describe('the index of a batch', () => {
  test('leads from a resource to the values of its points', () => {
    const writer = createMetricsWriter({ points: 100, bytes: 1e6 });
    writer.resource({ attributes: encodeAttributes({ a: 'b' }) });
    writer.scope({ name: 's' });
    writer.metric({ name: 'n', type: 'sum', ...head });
    writer.number(place, 7);
    writer.number(place, -0.5);
    writer.metric({ name: 'h', type: 'histogram', ...head });
    writer.histogram(place, [1, 2.5], [1, 2 ** 53, 3], 0, 12);
    const batch = readBatch(writer.end()[0]?.bytes as Uint8Array);
    const at = (column: number) => batch.index[column] as number;
    assert.deepEqual([batch.points, batch.rejected, batch.why], [3, 0, undefined]);
    assert.equal(at(resourceAt.end), batch.length);
    const sum = resourceAt.size + scopeAt.size;
    assert.equal(at(sum + metricAt.type), metricType.sum);
    const first = sum + metricAt.size;
    const second = first + at(sum + metricAt.stride);
    assert.deepEqual([numberOf(batch, first), numberOf(batch, second)], [7, -0.5]);
    assert.deepEqual([millisAt(batch, at(first + pointAt.start)), millisAt(batch, at(first + pointAt.time))], [1000, 2000.5]);
    const histogram = at(sum + metricAt.end);
    const point = histogram + metricAt.size;
    const cells = new Float64Array(4);
    copyBuckets(batch, point, cells, 1);
    assert.deepEqual([bucketsOf(batch, point), ...cells], [3, 0, 1, 2 ** 53, 3]);
    assert.equal(countAt(batch, at(point + histogramAt.count)), 2 ** 53 + 4);
    assert.equal(doubleAt(batch, at(point + histogramAt.sum), Number.NaN), 12);
    assert.deepEqual([hasBounds(batch, point, [1, 2.5]), hasBounds(batch, point, [1, 2])], [true, false]);
  });
});
