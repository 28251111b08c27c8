/** Whether a metric is one of those that are meant, by its name; worked out once a name. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt } from '../../../formats/otlp/batch/batch-index.ts';
import { stringIn } from '../../../formats/otlp/wire/read-message.ts';
import type { Memos } from './memos.ts';

/** @param m the metric's offset in the index */
export type NameTest = (batch: Batch, m: number) => boolean;

export function nameTest(memos: Memos, test: (name: string) => boolean): NameTest {
  const memo = memos.create((name) => Uint8Array.of(test(stringIn(name, 0, name.length)) ? 1 : 0));
  return ({ view, index }, m) => memo.flag(view, index[m + metricAt.nameFrom] as number, index[m + metricAt.nameTo] as number);
}
