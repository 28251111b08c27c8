/**
 * Instrument → series: the name of a family, as a Collector derives it from what we push. The rules are those of `otlptranslator`
 * 1.0.0 (Collector 0.159, Prometheus 3), its oddities included, because a name that differs from the Collector's is worse than an odd one.
 */
import type { Kind } from './kind.ts';
import { addsSuffixes, defaultStrategy, escapes, type Strategy } from './strategy.ts';
import { rawUnitWords, unitWords } from './unit-word.ts';

/** What a name is made of. `unit` is UCUM, `''` for none. */
export interface Named {
  readonly name: string;
  readonly unit: string;
  readonly kind: Kind;
}

/**
 * The family's name in text 0.0.4, a counter's with `_total`. `''` when nothing legal remains (`...`, the empty name): a Collector drops
 * such a metric.
 */
export function familyName(instrument: Named, strategy: Strategy = defaultStrategy): string {
  if (!escapes(strategy)) return addsSuffixes(strategy) ? utf8Name(instrument) : instrument.name;
  const name = addsSuffixes(strategy) ? tokenName(instrument) : escapedName(instrument.name);
  // Nothing but underscores is refused, unless the name came in like that.
  return name !== instrument.name && /^_*$/.test(name) ? '' : name;
}

/** UnderscoreEscapingWithSuffixes: works on tokens, so runs of `_` collapse and those at the ends go. */
function tokenName(instrument: Named): string {
  const tokens = withUnit(tokensOf(instrument.name, /[^a-zA-Z0-9:]+/u), instrument.unit);
  return digitSafe(withKind(tokens, instrument).join('_'));
}

/**
 * A unit's word is left out when any token equals it, wherever it stands. `per_second` has a `_` and so never equals a token:
 * `x_bytes_per_second` with `By/s` becomes `x_bytes_per_second_per_second`.
 */
function withUnit(tokens: readonly string[], unit: string): readonly string[] {
  const words = unitWords(unit);
  const per = words.per === 'per_' ? '' : absent(tokens, words.per.replace(/_$/, ''));
  const main = absent(tokens, words.main);
  return [...tokens, per === '' ? main : main.replace(/_$/, ''), per].filter((token) => token !== '');
}

function absent(tokens: readonly string[], word: string): string {
  return tokens.includes(word) ? '' : word;
}

/** Every `total` (`ratio`) goes, one is put at the end. Only gauges of unit `1` are ratios: for sums, `1` is a habit and says nothing. */
function withKind(tokens: readonly string[], { kind, unit }: Named): readonly string[] {
  const suffix = kindSuffix(kind, unit);
  return suffix === '' ? tokens : [...tokens.filter((token) => token !== suffix), suffix];
}

function kindSuffix(kind: Kind, unit: string): string {
  if (kind === 'counter') return 'total';
  return (kind === 'gauge' || kind === 'info') && unit === '1' ? 'ratio' : '';
}

/** UnderscoreEscapingWithoutSuffixes: a run of other characters becomes one `_`, the name's own `_` stay, those characters at the ends go. */
function escapedName(name: string): string {
  return digitSafe(tokensOf(name, /[^a-zA-Z0-9:_]+/u).join('_'));
}

function tokensOf(name: string, separators: RegExp): readonly string[] {
  return name.split(separators).filter((token) => token !== '');
}

function digitSafe(name: string): string {
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/**
 * NoUTF8EscapingWithSuffixes: looks at endings, not tokens. A suffix that is there already is cut off together with the one character
 * ahead of it, whatever that is: a counter `subtotal` becomes `su_total`.
 */
function utf8Name({ name, unit, kind }: Named): string {
  const suffix = kindSuffix(kind, unit);
  const { main, per } = rawUnitWords(unit);
  const bare = cut(cut(name, suffix), per);
  const withMain = bare.endsWith(main) ? bare : `${bare}_${main}`;
  return withMain + (per === '' ? '' : `_${per}`) + (suffix === '' ? '' : `_${suffix}`);
}

/** `otlptranslator` cuts one byte, which can tear a character that is not ASCII apart; here the whole character goes. */
function cut(name: string, suffix: string): string {
  if (suffix === '' || !name.endsWith(suffix)) return name;
  const ahead = [...name.slice(0, -suffix.length)];
  return ahead.length > 1 ? ahead.slice(0, -1).join('') : name;
}
