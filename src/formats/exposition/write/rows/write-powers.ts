/** Rows of exponential buckets that text shows by powers of two. */
import { countByPowers, newestExemplar, type RowLayout, readExemplar } from '../../../../core/store/index.ts';
import type { ExemplarLabels } from '../exemplar-labels.ts';
import { appendExemplar, exemplarBytes } from '../lines/append-exemplar.ts';
import { appendValue } from './row-lines.ts';
import type { RowWriter } from './write-row.ts';

type ExponentialLayout = Extract<RowLayout, { form: 'exponential' }>;

/**
 * Lines: a bucket for each power and +Inf, and then sum and count where the format has them. `lineCount`: of all. `labelsOf`: the
 * format has exemplars.
 */
export function powersRowWriter(
  layout: ExponentialLayout,
  exponents: readonly number[],
  labelsOf: ExemplarLabels | undefined,
  lineCount: number,
): RowWriter {
  const { shape } = layout;
  const counts = new Float64Array(exponents.length + 1);
  const bounds = exponents.map((exponent) => 2 ** exponent);
  const more = labelsOf === undefined ? 0 : exemplarBytes(layout);

  return (out, lines, cells, cellAt) => {
    lines.reserve(out, more);
    countByPowers(cells, cellAt, shape, exponents, counts);
    let count = 0;
    if (labelsOf !== undefined) {
      const at = newestExemplar(layout, cells, cellAt);
      const line = lineOf(bounds, readExemplar(cells, at)?.value);
      for (let bucket = 0; bucket < counts.length; bucket++) {
        count += counts[bucket] as number;
        lines.append(out, bucket);
        appendValue(out, count);
        if (bucket === line) appendExemplar(out, cells, at, labelsOf);
      }
    } else count = lines.appendBuckets(out, counts.length, counts, 0);
    if (lineCount > counts.length) {
      lines.append(out, counts.length);
      appendValue(out, cells[cellAt + layout.sum] as number);
      lines.append(out, counts.length + 1);
      appendValue(out, count);
    }
    return lineCount;
  };
}

/** That of the bucket that a value is in. */
function lineOf(bounds: readonly number[], value: number | undefined): number {
  if (value === undefined) return -1;
  const line = bounds.findIndex((bound) => value <= bound);
  return line < 0 ? bounds.length : line;
}
