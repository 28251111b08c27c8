/** A summary's row as a message `Summary`. */
import type { RowLayout } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import { metricTag, quantileTag, summaryTag } from './fields.ts';
import { mostTimestamp, putStart } from './timestamp.ts';
import type { ValueMessage } from './value-message.ts';
import { mostDouble, mostVarint, Nested, putDoubleField, putVarintField } from './wire.ts';

const mostQuantile = 2 + 2 * mostDouble;

/** One that is none is not shown: only foreign producers have such. */
function putInteger(out: ByteBuffer, tag: number, count: number): void {
  if (count >= 0 && Number.isInteger(count)) putVarintField(out, tag, count);
}

export function summaryMessage({ count, sum, quantiles, firstQuantile }: Extract<RowLayout, { form: 'summary' }>): ValueMessage {
  const nested = new Nested();
  return {
    tag: metricTag.summary,
    most: 1 + mostVarint + mostDouble + quantiles.length * mostQuantile + mostTimestamp,
    samples: quantiles.length + 2,
    write(out, cells, cellAt, family, row) {
      putInteger(out, summaryTag.count, cells[cellAt + count] as number);
      putDoubleField(out, summaryTag.sum, cells[cellAt + sum] as number);
      for (let index = 0; index < quantiles.length; index++) {
        const message = nested.open(out, summaryTag.quantile);
        putDoubleField(out, quantileTag.quantile, quantiles[index] as number);
        putDoubleField(out, quantileTag.value, cells[cellAt + firstQuantile + index] as number);
        nested.close(out, message);
      }
      putStart(out, summaryTag.created, cells, cellAt, family, row);
      return true;
    },
  };
}
