/**
 * Prometheus' conventions for the name of a series, by its kind: those of its own linter (promlint), so that `promtool check
 * metrics` finds nothing more. A contract and a foreign page are held to the same ones.
 */
import type { Kind } from '../naming/index.ts';

/** What a rule reads of a family. */
export interface NamedSeries {
  /** In text 0.0.4. */
  readonly series: string;
  readonly kind: Kind;
}

export interface NameRule {
  readonly id: string;
  /** The rule in one sentence. */
  readonly rule: string;
  readonly link: string;
  check(named: NamedSeries): { readonly message: string; readonly fix: string } | undefined;
}

const naming = 'https://prometheus.io/docs/practices/naming/';
const exporters = 'https://prometheus.io/docs/instrumenting/writing_exporters/#naming';

const BUCKETED: readonly string[] = ['histogram', 'gaugehistogram'];
const COUNTED: readonly string[] = [...BUCKETED, 'summary'];

const ABBREVIATED = ['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd'];
const PREFIX = /^(?:pico|nano|micro|milli|centi|deci|deca|hecto|kilo|kibi|mega|mebi|mibi|giga|gibi|tera|tebi|tibi|peta|pebi)/;
/** Units by their base unit; with a prefix, a base unit is none. `kelvin` is one of its own. */
const UNITS: readonly (readonly [base: string, units: readonly string[]])[] = [
  ['seconds', ['seconds', 'minutes', 'hours', 'days', 'weeks']],
  ['bytes', ['bytes', 'bits']],
  ['celsius', ['celsius', 'fahrenheit', 'rankine']],
  ['kelvin', ['kelvin', 'kelvins']],
  ['meters', ['meters', 'inches', 'yards', 'miles']],
  ['metres', ['metres']],
  ['joules', ['joules', 'calories']],
  ['grams', ['grams', 'pounds', 'ounces']],
  ['amperes', ['amperes']],
  ['volts', ['volts']],
];
const TYPE_WORD = /_(counter|gauge|summary|histogram|gauge_histogram)(?:_|$)/i;

export const nameRules: readonly NameRule[] = [
  suffixRule('total', ['counter'], 'only a counter ends in _total'),
  suffixRule('bucket', BUCKETED, 'only a histogram has names in _bucket'),
  suffixRule('count', COUNTED, 'only histograms and summaries have names in _count'),
  suffixRule('sum', COUNTED, 'only histograms and summaries have names in _sum'),
  suffixRule('created', [], 'only start times have names in _created'),
  { id: 'counter-without-total', rule: 'a counter ends in _total', link: naming, check: counterWithoutTotal },
  { id: 'abbreviated-unit', rule: 'a unit in a name is spelled out', link: naming, check: abbreviatedUnit },
  { id: 'non-base-unit', rule: 'a series is in a base unit', link: `${naming}#base-units`, check: nonBaseUnit },
  { id: 'type-in-name', rule: 'a name does not have the type in it', link: exporters, check: typeInName },
  { id: 'colon-in-name', rule: 'colons are for recording rules', link: naming, check: colonInName },
  { id: 'camel-case', rule: 'names are in snake_case', link: exporters, check: camelCase },
];

function suffixRule(suffix: string, kinds: readonly string[], rule: string): NameRule {
  function check({ series, kind }: NamedSeries) {
    // `unknown` may be any kind, so no kind differs from it
    if (!series.endsWith(`_${suffix}`) || kinds.includes(kind) || kind === 'unknown') return undefined;
    return { message: `${series} is a ${kind}, but ends in _${suffix}`, fix: `choose a name without _${suffix}` };
  }
  return { id: `${suffix}-suffix`, rule, link: exporters, check };
}

function counterWithoutTotal({ series, kind }: NamedSeries) {
  if (kind !== 'counter' || series.endsWith('_total')) return undefined;
  return { message: `${series} is a counter without _total`, fix: `expose it as ${series}_total` };
}

/** The first word is the program's. */
function abbreviatedUnit({ series }: NamedSeries) {
  const word = words(series.toLowerCase())
    .slice(1)
    .find((token) => ABBREVIATED.includes(token));
  if (word === undefined) return undefined;
  return { message: `${series} has the abbreviated unit ${word}`, fix: 'spell the unit, e.g. seconds, bytes' };
}

function nonBaseUnit({ series }: NamedSeries) {
  for (const word of words(series)) {
    const base = UNITS.find(([, units]) => units.includes(word) || units.includes(word.replace(PREFIX, '')))?.[0];
    if (base !== undefined && base !== word)
      return { message: `${series} is in ${word}, not in the base unit`, fix: `use ${base}` };
  }
  return undefined;
}

function typeInName({ series }: NamedSeries) {
  const word = TYPE_WORD.exec(series)?.[1];
  if (word === undefined) return undefined;
  return { message: `${series} has the type ${word} in its name`, fix: `leave _${word} out` };
}

function colonInName({ series }: NamedSeries) {
  return series.includes(':') ? { message: `${series} has a colon`, fix: 'write _ for it' } : undefined;
}

function camelCase({ series }: NamedSeries) {
  return isCamelCase(series)
    ? { message: `${series} is in camelCase`, fix: 'write words in lower case, with _ between them' }
    : undefined;
}

/** Of metrics and labels. */
export function isCamelCase(name: string): boolean {
  return /[a-z][A-Z]/.test(name);
}

function words(series: string): readonly string[] {
  return series.split('_');
}
