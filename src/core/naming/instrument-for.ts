/** Series → instrument: what to declare so that a given series comes out. */
import { familyName } from './family-name.ts';
import { isInstrumentName } from './instrument-name.ts';
import type { Kind } from './kind.ts';
import { openMetricsFamily } from './sample-names.ts';
import { addsSuffixes, defaultStrategy, escapes, type Strategy } from './strategy.ts';
import { unitAtEnd } from './unit-word.ts';

/** What is declared: OpenTelemetry instrument name, UCUM unit (`''` for none). */
export interface Declared {
  readonly name: string;
  readonly unit: string;
}

/**
 * The instrument whose family is `series` (0.0.4 name, a counter's with `_total`): `_` → `.`, the unit's word and a counter's
 * `_total` dropped. Where dropping would bring out another name the word stays and the unit is `''`. `undefined` when no legal
 * instrument brings the series out: under the default strategy a counter without `_total`, `a__b`, a counter `a_total_total`;
 * always a leading `_`, a `:`.
 */
export function instrumentFor(series: string, kind: Kind, strategy: Strategy = defaultStrategy): Declared | undefined {
  const reproduces = ({ name, unit }: Declared) =>
    isInstrumentName(name) && familyName({ name, unit, kind }, strategy) === series;
  return candidates(series, kind, strategy).find(reproduces);
}

/** In order of preference. */
function candidates(series: string, kind: Kind, strategy: Strategy): readonly Declared[] {
  const family = openMetricsFamily(series, kind);
  const tokens = family.split('_');
  const { unit, taken } = unitAtEnd(tokens);
  const dot = escapes(strategy) ? '.' : '_';
  if (!addsSuffixes(strategy)) {
    return [
      { name: series.replaceAll('_', dot), unit },
      { name: series, unit },
    ];
  }
  if (kind === 'counter' && family === series) return [];
  return [
    { name: tokens.slice(0, tokens.length - taken).join(dot), unit },
    { name: tokens.join(dot), unit: '' },
    // Without tokens, `subtotal_total` needs its own `_total` (see family-name.ts).
    { name: series, unit: '' },
  ];
}
