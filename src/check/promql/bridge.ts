/** Recording rules under the old names, for as long as something reads them. */
import type { Mapping } from '../diff/change.ts';
import { seriesOf } from './family.ts';
import { rewriteExpression } from './rewrite.ts';

/** `record`: the old series' name; `expr`: what gives its samples from the new series, or `reason`: why nothing does. */
export type Bridge = { readonly record: string } & ({ readonly expr: string; readonly reason?: undefined } | { readonly reason: string });

/** One for each series that the old metric had: of a histogram its buckets, sum and count. Empty: nothing has changed. */
export function bridgeExpressions(mapping: Mapping): readonly Bridge[] {
  const diff = { changes: [], mappings: new Map([[mapping.from.series, mapping]]) };
  const bridges: Bridge[] = [];
  const shown = new Set(mapping.to === undefined ? [] : seriesOf(mapping.to));
  for (const record of seriesOf(mapping.from)) {
    if (shown.has(record)) {
      const changed = rewriteExpression(record, diff).kind !== 'unchanged';
      if (changed) bridges.push({ record, reason: `the new metric has the series ${record}, too: a rule would put others beside them` });
      continue;
    }
    const rewriting = rewriteExpression(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(record) ? record : `{${JSON.stringify(record)}}`, diff);
    if (rewriting.kind === 'rewritten') bridges.push({ record, expr: rewriting.text });
    else if (rewriting.kind === 'not-rewritable')
      bridges.push({ record, reason: rewriting.reasons.map(({ message }) => message).join('; ') });
  }
  return bridges;
}
