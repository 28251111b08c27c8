/** What a source could not say of a metric, and somebody who knows the program can. */
import type { ObservedFamily } from '../observed.ts';
import type { DraftedMetric } from './drafted.ts';
import { listedValues } from './labels.ts';
import { printValues } from './print.ts';

/** Values that were seen of labels that have few. */
export function valuesOf({ declaration }: DraftedMetric, family: ObservedFamily): readonly string[] {
  return Object.entries(declaration.labels ?? {}).flatMap(([name, label]) => {
    const values = listedValues(name, label, family);
    return values.length === 0 ? [] : [`Seen of ${name}: ${printValues(values)}.`];
  });
}

export function marksOf({ declaration, kind }: DraftedMetric, family: ObservedFamily): readonly string[] {
  const labels = Object.entries(declaration.labels ?? {}).flatMap(([name, label]) => {
    if (label.kind === 'closed' || listedValues(name, label, family).length > 0) return [];
    const distinct = family.labels.get(name)?.distinct ?? 0;
    const why = label.kind === 'identity' ? 'things that come and go' : 'values that others choose';
    return [`Unknown: how many values ${name} may have. ${distinct} seen in ${family.series} series; taken for ${why}.`];
  });
  const isEmptyHelp = (family.help ?? '').trim() === '';
  return [
    ...(isEmptyHelp ? ['Unknown: what it measures. It has no help.'] : []),
    ...labels,
    ...valuesOf({ declaration, kind }, family),
    ...(family.bounds.length > 1 ? ['Unknown: which bounds are right. Its series have several; these are all of them.'] : []),
    ...(kind === 'summary' && family.kind === 'histogram'
      ? ['Unknown: its bounds. It has none but +Inf; a summary has sum and count, too.']
      : []),
    ...(kind === 'histogram' && family.native ? ['Unknown: the most exponential buckets, and the scale.'] : []),
    ...(family.instrument?.temporality === 'delta' ? ['It is sent as deltas; a contract has totals.'] : []),
  ];
}
