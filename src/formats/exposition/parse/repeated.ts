/**
 * A sample whose series has been on the page before. Prometheus stores one of the two. It takes an empty label for none ("a label
 * with an empty label value is considered equivalent to a label that does not exist", "Data model").
 */
import { seriesText } from './check-sample.ts';
import { type Fault, faultOf, type ParsedSample } from './parsed.ts';

/** Where a sample is, from 1; below 0: it has an empty label. */
export function markOf({ labels }: ParsedSample, at: number): number {
  for (const label of labels) if (label[1] === '') return -at;
  return at;
}

/** @param where what the marks count: `on line` */
export function repeatedFault(sample: ParsedSample, mark: number, before: number, where: string): Fault {
  const id = mark < 0 || before < 0 ? 'series-empty-label' : 'series-twice';
  return faultOf(id, 1, `as ${where} ${Math.abs(before)}: ${seriesText(sample)}`);
}
