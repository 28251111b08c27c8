/**
 * Reads a contract from JSON. Besides what you can declare, it accepts what only foreign endpoints have: the kinds unknown,
 * stateset and gaugehistogram, summaries with quantiles, and counters without `_total`.
 */
import { publicFunctions } from '../errors/caller.ts';
import { MeterbridgeError, type Problem } from '../errors/error.ts';
import { instrumentFor, type Kind, kinds } from '../naming/index.ts';
import type { AnyDeclaration } from './declare.ts';
import { DEFAULT_MAX_AGE_MS } from './define.ts';
import { type Fields, fieldsOf } from './json-fields.ts';
import { capped, identity, oneOf, parameter } from './labels.ts';
import {
  acrossChoices,
  type ConstantLabels,
  type Contract,
  type Exponential,
  type Label,
  type Metric,
  type TextCounters,
} from './metric.ts';
import { resolveMetric } from './resolve.ts';
import { MOST_VALUES } from './size-rules.ts';
import { validate } from './validate.ts';

const CONTRACT_KEYS = ['$schema', 'name', 'defaultFormat', 'maxAgeMs', 'accepts', 'constantLabels', 'metrics'];
const METRIC_KEYS = [
  ...[
    'kind',
    'observed',
    'instrument',
    'series',
    'verbatim',
    'unit',
    'help',
    'labels',
    'bounds',
    'exponential',
    'minMax',
    'quantiles',
    'counters',
  ],
  ...['zeroFilled', 'omitEmpty', 'exemplars', 'unknownStart', 'across', 'constantLabels', 'deprecated', 'stability'],
];
const EXPONENTIAL_KEYS = ['maxSize', 'maxScale', 'textBuckets'];
const COUNTERS_KEYS = ['sum', 'count'];
const PARAMETER_KEYS = ['kind', 'value'];
const CLOSED_KEYS = ['kind', 'values'];
const BOUNDED_KEYS = ['kind', 'limit', 'other', 'maxBytes', 'optional'];
const FOREIGN: readonly Kind[] = ['unknown', 'stateset', 'gaugehistogram'];

/**
 * Reads the output of `toJson`, or JSON written by hand. A metric requires only `kind` and `help`; everything else has the
 * defaults of a declaration.
 *
 * @param at the document's name in messages, e.g. its file name
 * @throws MeterbridgeError `CONTRACT_INVALID` with all problems, including unknown keys
 */
export function fromJson(value: unknown, at = 'contract'): Contract {
  const problems: Problem[] = [];
  const fields = fieldsOf(value, at, CONTRACT_KEYS, problems);
  fields.require('name', 'name it after the program');
  fields.require('metrics', 'list the metrics by key, or give {}');
  const name = fields.text('name');
  const contract: Contract = Object.freeze({
    // A placeholder, so that a missing name is not reported again for every metric
    name: name ?? 'contract',
    metrics: readMetrics(fields, name ?? 'contract', problems),
    defaultFormat: fields.oneOf('defaultFormat', ['openmetrics', 'text']) ?? 'text',
    maxAgeMs: fields.isNull('maxAgeMs') ? Number.POSITIVE_INFINITY : (fields.number('maxAgeMs') ?? DEFAULT_MAX_AGE_MS),
    accepts: readAccepts(fields.object('accepts')),
  });
  // Unreadable metrics are missing here, so the accepted findings cannot be checked yet
  const rest = problems.length > 0 ? { ...contract, accepts: {} } : contract;
  const all = [...problems, ...validate(rest, at, isForeign)];
  if (all.length > 0) throw new MeterbridgeError('CONTRACT_INVALID', all);
  return contract;
}

function readMetrics(fields: Fields, contractName: string, problems: readonly Problem[]): Readonly<Record<string, Metric>> {
  const constantLabels = readConstantLabels(fields.object('constantLabels'));
  const all = fields.object('metrics');
  const metrics: [string, Metric][] = [];
  for (const key of all.names) {
    const before = problems.length;
    const metric = readMetric(contractName, key, all.object(key, METRIC_KEYS), constantLabels);
    if (problems.length === before) metrics.push([key, metric]);
  }
  return Object.freeze(Object.fromEntries(metrics));
}

function readMetric(contractName: string, key: string, fields: Fields, constantLabels: ConstantLabels): Metric {
  fields.require('kind', `give one of ${kinds.join(', ')}`);
  fields.require('help', 'describe what is measured');
  const kind = fields.oneOf('kind', kinds) ?? 'unknown';
  const series = fields.text('series');
  const asIs = fields.flag('verbatim');
  const declaration = present({
    help: fields.text('help') ?? '',
    unit: fields.text('unit'),
    labels: readLabels(fields.object('labels')),
    observed: fields.flag('observed'),
    instrument: fields.text('instrument') ?? (asIs === true ? undefined : nameOf(series, kind)),
    series,
    verbatim: asIs,
    bounds: fields.numbers('bounds'),
    exponential: fields.names.includes('exponential')
      ? readExponential(fields.object('exponential', EXPONENTIAL_KEYS))
      : undefined,
    minMax: fields.flag('minMax'),
    counters: fields.names.includes('counters') ? readCounters(fields.object('counters', COUNTERS_KEYS)) : undefined,
    zeroFilled: fields.flag('zeroFilled'),
    omitEmpty: fields.flag('omitEmpty'),
    exemplars: fields.flag('exemplars'),
    unknownStart: fields.flag('unknownStart'),
    across: fields.oneOf('across', acrossChoices),
    constantLabels: readConstantLabels(fields.object('constantLabels')),
    deprecated: fields.text('deprecated'),
    stability: fields.oneOf('stability', ['stable', 'development']),
  }) satisfies Partial<AnyDeclaration> as AnyDeclaration;
  const quantiles = fields.numbers('quantiles');
  const metric = resolveMetric(contractName, key, { kind, declaration }, constantLabels);
  return quantiles === undefined ? metric : Object.freeze({ ...metric, quantiles: Object.freeze(quantiles) });
}

function readCounters(fields: Fields): TextCounters {
  fields.require('sum', 'describe the sum');
  fields.require('count', 'describe the count');
  return { sum: fields.text('sum') ?? '', count: fields.text('count') ?? '' };
}

function readExponential(fields: Fields): Partial<Exponential> {
  return present({
    maxSize: fields.number('maxSize'),
    maxScale: fields.number('maxScale'),
    textBuckets: fields.number('textBuckets'),
  });
}

/** A series that no instrument name translates to is its own instrument name. */
function nameOf(series: string | undefined, kind: Kind): string | undefined {
  return series !== undefined && instrumentFor(series, kind) === undefined ? series : undefined;
}

/** Copied from a foreign endpoint: no Collector derives its name. */
function isForeign({ kind, series, instrument, verbatim }: Metric): boolean {
  if (verbatim === true) return false;
  return instrument === series || FOREIGN.includes(kind) || (kind === 'counter' && !series.endsWith('_total'));
}

function readConstantLabels(fields: Fields): ConstantLabels {
  const entries = fields.names.flatMap((name) => {
    const label =
      fields.kindOf(name) === 'parameter' ? parameter(fields.object(name, PARAMETER_KEYS).text('value')) : fields.text(name);
    return label === undefined ? [] : [[name, label] as const];
  });
  return Object.fromEntries(entries);
}

function readLabels(fields: Fields): Readonly<Record<string, Label>> {
  const entries = fields.names.map((name) => {
    const closed = fields.kindOf(name) === 'closed';
    return [
      name,
      closed ? readClosed(fields.object(name, CLOSED_KEYS)) : readBounded(fields.object(name, BOUNDED_KEYS)),
    ] as const;
  });
  return Object.fromEntries(entries);
}

function readClosed(fields: Fields): Label {
  fields.require('values', 'list the values');
  // One value above the limit is enough to report it, and few enough to pass as arguments.
  return oneOf(...(fields.labelValues('values') ?? []).slice(0, MOST_VALUES + 1));
}

function readBounded(fields: Fields): Label {
  fields.require('kind', 'give one of closed, capped, identity');
  const kind = fields.oneOf('kind', ['closed', 'capped', 'identity']);
  const bound = present({
    limit: fields.number('limit'),
    other: fields.text('other'),
    maxBytes: fields.number('maxBytes'),
    optional: fields.flag('optional'),
  });
  return kind === 'identity' ? identity(bound) : capped(bound);
}

function readAccepts(fields: Fields): Readonly<Record<string, readonly string[]>> {
  return Object.freeze(Object.fromEntries(fields.names.map((series) => [series, Object.freeze(fields.texts(series) ?? [])])));
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Removes absent fields, so that defaults apply. */
function present<T extends object>(value: T): Partial<Present<T>> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Partial<Present<T>>;
}

publicFunctions(fromJson);
