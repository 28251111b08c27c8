/** How many distinct values a label has, and how sure that is. */
import type { LabelRow } from '../model/index.ts';
import { type Child, h } from './node.ts';
import { count, figure, percent } from './numbers.ts';

export function valuesOf({ values, error }: LabelRow): Child {
  return [
    error > 0 && 'about ',
    figure(values, 'values', count),
    error > 0 && h('span', { class: 'quiet' }, ` ± ${percent(error)}`),
  ];
}
