/**
 * Instrument → series: the family name that a Collector derives from a pushed metric. The rules are those of `otlptranslator`
 * 1.0.0 (Collector 0.159, Prometheus 3), including its peculiarities: a name that differs from the Collector's is worse than an
 * unusual one.
 */
import type { Kind } from './kind.ts';
import { addsSuffixes, defaultStrategy, escapes, type Strategy } from './strategy.ts';
import { rawUnitWords, unitWords } from './unit-word.ts';

/** The parts of a name. `unit` is UCUM, `''` for none. */
export interface Named {
  readonly name: string;
  readonly unit: string;
  readonly kind: Kind;
}

/**
 * The family's name in text 0.0.4, a counter's with `_total`. `''` when nothing legal remains (`...`, the empty name): a
 * Collector drops such a metric.
 * `namespace` is put before all names, as in a Collector's `prometheus` exporter. Default `''`, for none.
 */
export function familyName(instrument: Named, strategy: Strategy = defaultStrategy, namespace = ''): string {
  if (!escapes(strategy)) {
    const named = namespace === '' ? instrument : { ...instrument, name: `${namespace}_${instrument.name}` };
    return addsSuffixes(strategy) ? utf8Name(named) : named.name;
  }
  const name = addsSuffixes(strategy) ? tokenName(instrument, namespace) : escapedName(instrument.name, namespace);
  // A result of underscores only is rejected, unless the given name was like that.
  return name !== instrument.name && /^_*$/.test(name) ? '' : name;
}

/** UnderscoreEscapingWithSuffixes: works on tokens, so it collapses runs of `_` and trims them at the ends. */
function tokenName(instrument: Named, namespace: string): string {
  const tokens = withKind(withUnit(tokensOf(instrument.name, /[^a-zA-Z0-9:]+/u), instrument.unit), instrument);
  return digitSafe((namespace === '' ? tokens : [namespace, ...tokens]).join('_'));
}

/**
 * Omits a unit's word if any token equals it. `per_second` contains a `_` and so never equals a token:
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

/**
 * Moves `total` (or `ratio`) to the end and drops all others. Only gauges of unit `1` are ratios: for sums, `1` is only a habit.
 */
function withKind(tokens: readonly string[], { kind, unit }: Named): readonly string[] {
  const suffix = kindSuffix(kind, unit);
  return suffix === '' ? tokens : [...tokens.filter((token) => token !== suffix), suffix];
}

function kindSuffix(kind: Kind, unit: string): string {
  if (kind === 'counter') return 'total';
  return (kind === 'gauge' || kind === 'info') && unit === '1' ? 'ratio' : '';
}

/**
 * UnderscoreEscapingWithoutSuffixes: a run of other characters becomes one `_`, the name's own `_` stay, those characters at the
 * ends go.
 */
function escapedName(name: string, namespace: string): string {
  const escaped = joined(name);
  return namespace === '' ? digitSafe(escaped) : `${joined(namespace)}_${escaped}`;
}

function joined(name: string): string {
  return tokensOf(name, /[^a-zA-Z0-9:_]+/u).join('_');
}

function tokensOf(name: string, separators: RegExp): readonly string[] {
  return name.split(separators).filter((token) => token !== '');
}

function digitSafe(name: string): string {
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/**
 * NoUTF8EscapingWithSuffixes: compares endings, not tokens. Cuts off an existing suffix together with the character before it,
 * whatever that is: a counter `subtotal` becomes `su_total`.
 */
function utf8Name({ name, unit, kind }: Named): string {
  const suffix = kindSuffix(kind, unit);
  const { main, per } = rawUnitWords(unit);
  const bare = cut(cut(name, suffix), per);
  const withMain = bare.endsWith(main) ? bare : `${bare}_${main}`;
  return withMain + (per === '' ? '' : `_${per}`) + (suffix === '' ? '' : `_${suffix}`);
}

/** `otlptranslator` cuts one byte, which can split a character outside ASCII; this cuts the entire character. */
function cut(name: string, suffix: string): string {
  if (suffix === '' || !name.endsWith(suffix)) return name;
  const ahead = [...name.slice(0, -suffix.length)];
  return ahead.length > 1 ? ahead.slice(0, -1).join('') : name;
}
