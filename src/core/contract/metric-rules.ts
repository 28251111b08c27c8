/** Rules for a single metric, one small function each; `validate` runs them all. */
import type { Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';
import { familyName, isInstrumentName } from '../naming/index.ts';
import { acrossChoices, type Metric, type TextCounters, WORKER_LABEL } from './metric.ts';
import { boundsProblems, exponentialProblems, tooMany, withoutBounds } from './size-rules.ts';
import { illFormed } from './well-formed.ts';

/** `foreign`: copied from a foreign endpoint, so its name need not be one that a Collector derives. */
type Rule = (metric: Metric, at: string, foreign: boolean) => Problem[];

/** Colons are legal but reserved for recording rules, so only foreign series may have them. */
const SERIES = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const FOREIGN_SERIES = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const METERED: ReadonlySet<string> = new Set(['histogram', 'gaugehistogram']);

export const metricRules: readonly Rule[] = [
  textRule,
  helpRule,
  nameRule,
  collectorRule,
  boundsRule,
  exponentialRule,
  minMaxRule,
  infoRule,
  quantilesRule,
  countersRule,
  exemplarsRule,
  unknownStartRule,
  acrossRule,
  lifeRule,
];

/** All other strings have a syntax of their own. */
function textRule({ help, unit, deprecated }: Metric, at: string): Problem[] {
  return Object.entries({ help, unit, deprecated }).flatMap(([key, text]) => illFormed(text, `${at}.${key}`));
}

function helpRule(metric: Metric, at: string): Problem[] {
  if (typeof metric.help === 'string' && metric.help.trim() !== '') return [];
  return [{ at: `${at}.help`, got: shown(metric.help), rule: 'help is a sentence', fix: 'describe what is measured' }];
}

function nameRule(metric: Metric, at: string, foreign: boolean): Problem[] {
  const problems: Problem[] = [];
  if (!foreign && !isInstrumentName(metric.instrument)) {
    problems.push({
      at: `${at}.instrument`,
      got: shown(metric.instrument),
      rule: 'an instrument name begins with a letter, has letters, digits and `_.-/`, and at most 255 characters',
      fix: 'rename the key or give `instrument`',
    });
  }
  if (!(foreign || metric.verbatim ? FOREIGN_SERIES : SERIES).test(metric.series)) {
    problems.push({
      at: `${at}.series`,
      got: shown(metric.series),
      rule: 'a series name has letters, digits and underscores and does not begin with a digit',
      fix: 'rename it',
    });
  }
  return problems;
}

/**
 * A pushed metric must arrive under its scraped name, so the name must be the one that a Collector with default settings derives.
 */
function collectorRule(metric: Metric, at: string, foreign: boolean): Problem[] {
  // Another rule reports an illegal name
  if (foreign || metric.verbatim || !SERIES.test(metric.series)) return [];
  if (typeof metric.unit !== 'string') {
    return [
      { at: `${at}.unit`, got: shown(metric.unit), rule: 'a unit is written in UCUM', fix: 'give e.g. `s`, `By`, `{run}`' },
    ];
  }
  const derived = familyName({ name: metric.instrument, unit: metric.unit, kind: metric.kind });
  if (derived === metric.series) return [];
  return [
    {
      at: `${at}.unit`,
      got: shown(metric.unit),
      rule: `a Collector brings out ${shown(derived)} for instrument ${shown(metric.instrument)}, not ${shown(metric.series)}`,
      fix: 'give the unit whose word is in the series name, an annotation such as `{run}`, drop `series`, or add `verbatim: true`',
    },
  ];
}

function boundsRule(metric: Metric, at: string): Problem[] {
  const { bounds } = metric;
  const location = `${at}.bounds`;
  if (!METERED.has(metric.kind)) {
    if (bounds.length === 0) return [];
    const rule = `a ${metric.kind} has no bounds`;
    return [{ at: location, got: shown(bounds), rule, fix: 'remove them or declare a histogram' }];
  }
  if (bounds.length === 0) return metric.exponential === undefined ? [withoutBounds(location)] : [];
  return boundsProblems(bounds, location);
}

function exponentialRule(metric: Metric, at: string): Problem[] {
  const { exponential } = metric;
  if (exponential === undefined) return [];
  const problems: Problem[] = notRecordedHistogram(metric, `${at}.exponential`, exponential);
  if (exponential.textBuckets !== undefined && metric.bounds.length > 0) {
    const rule = 'a scrape shows the buckets of `bounds`, or those between powers of two';
    const location = { at: `${at}.exponential.textBuckets`, got: shown(exponential.textBuckets) };
    problems.push({ ...location, rule, fix: 'remove one of the two' });
  }
  for (const key of ['maxSize', 'maxScale', 'textBuckets'] as const) {
    if (exponential[key] === undefined && key === 'textBuckets') continue;
    problems.push(...exponentialProblems(key, exponential[key], `${at}.exponential.${key}`));
  }
  return problems;
}

function minMaxRule(metric: Metric, at: string): Problem[] {
  const { minMax } = metric;
  if (minMax === true) return notRecordedHistogram(metric, `${at}.minMax`, minMax);
  return minMax === false
    ? []
    : [{ at: `${at}.minMax`, got: shown(minMax), rule: 'the value is true or false', fix: 'use one of the two' }];
}

/** A callback gives only counts and sum of an observed histogram, from which neither follows. */
function notRecordedHistogram({ kind, observed }: Metric, at: string, given: unknown): Problem[] {
  if (kind === 'histogram' && !observed) return [];
  return [{ at, got: shown(given), rule: 'only a recorded histogram has it', fix: 'remove it, or declare a recorded histogram' }];
}

function infoRule(metric: Metric, at: string): Problem[] {
  if (metric.kind !== 'info') return [];
  if (metric.zeroFilled) {
    return [{ at: `${at}.zeroFilled`, got: shown(true), rule: 'an info is always 1', fix: 'remove it, or declare a gauge' }];
  }
  if (Object.keys(metric.labels).length + Object.keys(metric.constantLabels).length > 0) return [];
  return [{ at: `${at}.labels`, got: 'none', rule: 'an info has at least one label', fix: 'declare at least one' }];
}

function quantilesRule(metric: Metric, at: string): Problem[] {
  const quantiles = metric.quantiles ?? [];
  if (quantiles.length === 0) return [];
  const location = `${at}.quantiles`;
  if (metric.kind !== 'summary') {
    const rule = `a ${metric.kind} has no quantiles`;
    return [{ at: location, got: shown(quantiles), rule, fix: 'remove them' }];
  }
  const many = tooMany(quantiles, 'quantiles', location);
  if (many !== undefined) return [many];
  return quantiles.flatMap((quantile, index) => {
    const before = quantiles[index - 1] ?? Number.NEGATIVE_INFINITY;
    if (quantile >= 0 && quantile <= 1 && quantile > before) return [];
    const rule = 'quantiles lie between 0 and 1 and are strictly ascending';
    return [{ at: `${location}[${index}]`, got: shown(quantile), rule, fix: 'sort them and remove repetitions' }];
  });
}

/**
 * The lines of a metric are together in text 0.0.4 ("Grouping and sorting"), so each counter would need its own walk over the
 * series.
 */
function countersRule({ kind, counters, labels, quantiles = [] }: Metric, at: string): Problem[] {
  if (counters === undefined) return [];
  const location = `${at}.counters`;
  const texts: Readonly<Partial<Record<keyof TextCounters, unknown>>> = counters;
  const problems = (['sum', 'count'] as const).flatMap((key) => {
    const text = texts[key];
    if (typeof text === 'string' && text.trim() !== '') return illFormed(text, `${location}.${key}`);
    return [{ at: `${location}.${key}`, got: shown(text), rule: 'help is a sentence', fix: `describe the ${key}` }];
  });
  if (kind === 'summary' && Object.keys(labels).length === 0 && quantiles.length === 0) return problems;
  const rule = 'only a summary without labels and quantiles is two counters in text 0.0.4';
  return [...problems, { at: location, got: shown(counters), rule, fix: 'remove it, or declare two counters' }];
}

/** OpenMetrics 1.0, "Exemplars": only on samples of counters and on buckets. */
function exemplarsRule(metric: Metric, at: string): Problem[] {
  if (!metric.exemplars) return [];
  const problems: Problem[] = [];
  const location = { at: `${at}.exemplars`, got: shown(metric.exemplars) };
  if (metric.kind !== 'counter' && metric.kind !== 'histogram') {
    const rule = `counters and histograms have exemplars, a ${metric.kind} has none`;
    problems.push({ ...location, rule, fix: 'remove it, or declare a counter or a histogram' });
  }
  if (metric.observed) {
    const rule = 'an exemplar is a measurement inside a span, and what a callback observes is none';
    problems.push({ ...location, rule, fix: 'remove it, or record the metric by calls' });
  }
  return problems;
}

/** OpenTelemetry metrics data model, "Cumulative streams: handling unknown start time". */
function unknownStartRule({ kind, observed, unknownStart }: Metric, at: string): Problem[] {
  const location = { at: `${at}.unknownStart`, got: shown(unknownStart) };
  if (typeof unknownStart !== 'boolean') return [{ ...location, rule: 'the value is true or false', fix: 'use one of the two' }];
  if (!unknownStart) return [];
  if (kind !== 'counter' && kind !== 'histogram') {
    const rule = 'only the total of a counter or a histogram can have an unknown start';
    return [{ ...location, rule, fix: 'remove it, or declare a counter or a histogram' }];
  }
  if (observed) return [];
  const rule = 'what is recorded begins with its first measurement';
  return [{ ...location, rule, fix: 'remove it, or observe the total where it is kept' }];
}

function acrossRule({ kind, across, labels, constantLabels }: Metric, at: string): Problem[] {
  if (across === undefined) return [];
  const location = { at: `${at}.across`, got: shown(across) };
  if (!acrossChoices.includes(across))
    return [{ ...location, rule: `it is one of ${acrossChoices.join(', ')}`, fix: 'use one of them' }];
  if (kind !== 'gauge' && kind !== 'updowncounter') {
    const rule = `a gauge and an up-down counter have it, a ${kind} has one way to add up`;
    return [{ ...location, rule, fix: 'remove it' }];
  }
  if (across !== 'worker' || !(Object.hasOwn(labels, WORKER_LABEL) || Object.hasOwn(constantLabels, WORKER_LABEL))) return [];
  const rule = `\`worker\` adds a label ${WORKER_LABEL}, which the metric has already`;
  return [{ ...location, rule, fix: 'rename that label, or choose another way' }];
}

function lifeRule(metric: Metric, at: string): Problem[] {
  const problems: Problem[] = [];
  if (metric.stability !== 'stable' && metric.stability !== 'development') {
    const rule = 'stability is `stable` or `development`';
    problems.push({ at: `${at}.stability`, got: shown(metric.stability), rule, fix: 'use one of the two' });
  }
  if (metric.deprecated !== undefined && String(metric.deprecated).trim() === '') {
    const rule = 'a deprecation gives the reason and what to use instead';
    problems.push({ at: `${at}.deprecated`, got: shown(metric.deprecated), rule, fix: 'give both or leave it out' });
  }
  return problems;
}
