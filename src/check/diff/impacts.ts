/**
 * What each change does to PromQL expressions: the one table from which diffs, reports and the documentation take impact and reason. The
 * decisions follow from PromQL: a matcher finds series by name and exact label value, binary operators match all labels, `rate()` takes every fall
 * of a value for a restart, and `histogram_quantile()` reads `le`.
 */

/** `breaking`: an expression that was right is wrong or empty; `risky`: it may be; `safe`: none is. */
export type Impact = 'breaking' | 'risky' | 'safe';

/** The part of a contract that changed. `contract` and `order` concern the whole contract; `declaration` is what only pushes and programs see. */
export type ChangedField =
  | 'metric'
  | 'name'
  | 'type'
  | 'unit'
  | 'help'
  | 'label'
  | 'value'
  | 'limit'
  | 'bound'
  | 'exponential'
  | 'quantile'
  | 'start'
  | 'omission'
  | 'exemplars'
  | 'across'
  | 'lifecycle'
  | 'declaration'
  | 'order'
  | 'contract';

export interface ImpactRule {
  readonly field: ChangedField;
  readonly impact: Impact;
  /** One sentence. `{factor}` stands for the factor between two units. */
  readonly reason: string;
  /** Whether a live endpoint's page shows it. What it cannot show is not compared with one. */
  readonly page: boolean;
}

type Row = readonly [field: ChangedField, impact: Impact, page: boolean, reason: string];

const rows = {
  // The metric
  'metric-removed': ['metric', 'breaking', true, 'An expression that selects the series finds nothing.'],
  'metric-added': ['metric', 'safe', true, 'No expression selects the series yet, unless it matches `__name__`.'],
  'metric-reused': ['metric', 'breaking', true, 'The name belonged to another metric, so an expression reads values of another meaning.'],
  'series-renamed': ['name', 'breaking', true, 'An expression that selects the old name finds nothing.'],
  'key-renamed': ['name', 'safe', false, 'Only the code of the program uses the key; the series keeps its name.'],
  'instrument-renamed': ['name', 'safe', false, 'Only a reader of OTLP sees the name of the instrument; the series has its own.'],
  'verbatim-changed': ['name', 'risky', false, 'A Collector may show what is pushed under another name than the page.'],
  // Its type
  'samples-changed': [
    'type',
    'breaking',
    true,
    'The type has samples of other names, so an expression over the old samples finds nothing.',
  ],
  'quantiles-to-buckets': ['type', 'safe', true, '`_sum` and `_count` remain, and buckets come beside them.'],
  'text-counters-changed': [
    'type',
    'safe',
    false,
    'The samples `_sum` and `_count` remain; only their TYPE and HELP in text 0.0.4 are others.',
  ],
  'counter-to-level': ['type', 'breaking', true, 'The value may fall now, and `rate()` and `increase()` take each fall for a restart.'],
  'level-to-counter': [
    'type',
    'breaking',
    true,
    'The value only grows now and restarts at 0, so comparisons and averages of it have another meaning.',
  ],
  'type-declared': ['type', 'risky', true, 'The type was or is unknown, so an expression may have taken the value for another type.'],
  'level-to-level': ['type', 'safe', true, 'Both are exposed as a gauge, and every function of PromQL reads them alike.'],
  'level-to-facts': [
    'type',
    'risky',
    true,
    'A value that measured something is a fact now, or the reverse: one of the two is always 0 or 1.',
  ],
  'recorded-to-observed': [
    'declaration',
    'safe',
    false,
    'Names, labels and values remain; a callback reads the value at each collection, and a series ends when the callback no longer reports it.',
  ],
  'observed-to-recorded': [
    'declaration',
    'safe',
    false,
    'Names, labels and values remain; calls record the value, and a series stays until the program removes it.',
  ],
  // Its unit and help
  'unit-scaled': [
    'unit',
    'breaking',
    true,
    'Each value is the old one times {factor}, so thresholds and arithmetic with other metrics are wrong.',
  ],
  'unit-replaced': [
    'unit',
    'breaking',
    true,
    'No factor leads from the old unit to the new one, so no rewriting keeps an expression right.',
  ],
  'unit-declared': ['unit', 'risky', true, 'One of the two declares no unit, so nobody can know whether the values are the same.'],
  'unit-respelled': ['unit', 'safe', true, 'Both spellings mean the same scale, so the values are the same.'],
  'help-changed': ['help', 'safe', true, 'No expression reads HELP.'],
  // Its labels
  'label-added': [
    'label',
    'risky',
    true,
    'Each series divides or has one more label: a comparison without `by ()`, a join without `on ()` and a result of `sum without ()` change.',
  ],
  'label-removed': [
    'label',
    'breaking',
    true,
    'A matcher on the label finds nothing, and `by ()` and `on ()` no longer tell its values apart.',
  ],
  'label-renamed': [
    'label',
    'breaking',
    true,
    'A matcher on the old name finds nothing, and `by ()` and `on ()` name a label that no series has.',
  ],
  'label-respelled': ['label', 'safe', false, 'Both spellings are exposed under one name; only a reader of OTLP sees the difference.'],
  'label-opened': ['label', 'risky', false, 'Values outside the old set are possible now, which expressions that list the values miss.'],
  'label-closed': ['label', 'risky', false, 'A value outside the set is rejected, so a matcher on such a value finds nothing.'],
  'label-capped': [
    'label',
    'risky',
    false,
    'A series no longer ends with the thing that it names, and all excess is aggregated into one value.',
  ],
  'label-identified': ['label', 'risky', false, 'A series ends with the thing that it names, and the excess of a gauge is rejected.'],
  'label-fixed': ['label', 'safe', false, 'The label has one fixed value; what happened to other values stands beside this.'],
  'label-unfixed': ['label', 'risky', false, 'The label was the same on each series, so an expression may not have aggregated over it.'],
  'label-optional': ['label', 'risky', false, 'A series may lack the label, so `=~".+"` and a join on it miss that series.'],
  'label-required': ['label', 'risky', false, 'Each series has the label, so a matcher for its absence (`=""`) finds nothing.'],
  'label-order': ['order', 'safe', false, 'Labels have no order in PromQL.'],
  // A label's values
  'value-added': [
    'value',
    'risky',
    true,
    'A negative matcher and a sum over the label now include the value, and an expression that lists the values misses it.',
  ],
  'value-removed': ['value', 'breaking', true, 'A matcher on the value finds nothing.'],
  'value-renamed': ['value', 'breaking', true, 'A matcher on the old value finds nothing.'],
  'value-split': ['value', 'breaking', true, 'A matcher on the old value finds nothing; the sum of the new values is the old one.'],
  'value-merged': [
    'value',
    'breaking',
    true,
    'The new value stands for more than the old one, so no expression can tell the old one apart.',
  ],
  'other-renamed': ['value', 'breaking', false, 'A matcher on the old value of the excess finds nothing.'],
  'value-order': ['order', 'safe', false, 'Values have no order in PromQL.'],
  // Limits
  'limit-lowered': ['limit', 'risky', false, 'Values beyond the new limit have no series of their own, so a matcher on one finds nothing.'],
  'limit-raised': ['limit', 'safe', false, 'More values have a series of their own, and fewer are aggregated.'],
  'max-bytes-lowered': [
    'limit',
    'risky',
    false,
    'A value longer than the new limit becomes its beginning and a hash, so a matcher on it finds nothing.',
  ],
  'max-bytes-raised': [
    'limit',
    'risky',
    false,
    'A value that was shortened may be whole now, so a matcher on its shortened form finds nothing.',
  ],
  // Buckets and quantiles
  'bound-added': [
    'bound',
    'risky',
    true,
    '`histogram_quantile()` is more accurate, but `sum by (le)` is wrong as long as some instances lack the bucket.',
  ],
  'bound-removed': [
    'bound',
    'breaking',
    true,
    'A matcher on this `le` finds nothing, and `histogram_quantile()` is less accurate around it.',
  ],
  'bounds-rescaled': ['bound', 'breaking', true, 'The bounds are the old ones in the new unit, so a matcher on an old `le` finds nothing.'],
  'buckets-removed': ['bound', 'breaking', true, 'There is no `_bucket` any more, so `histogram_quantile()` over it finds nothing.'],
  'buckets-added': ['bound', 'safe', true, 'No expression selects `_bucket` yet; `_sum` and `_count` remain.'],
  'exponential-added': [
    'exponential',
    'risky',
    true,
    'A Prometheus that scrapes native histograms keeps no `_bucket` beside them, unless `always_scrape_classic_histograms` is on.',
  ],
  'exponential-removed': ['exponential', 'breaking', true, 'A function over the native histogram finds nothing.'],
  'resolution-lowered': ['exponential', 'risky', false, 'Quantiles are less accurate than before.'],
  'resolution-raised': ['exponential', 'safe', false, 'Quantiles are at least as accurate as before.'],
  'text-buckets-added': ['exponential', 'safe', false, 'No expression selects the buckets between powers of two yet.'],
  'text-buckets-removed': [
    'exponential',
    'breaking',
    false,
    'The text formats have no `_bucket` any more, so an expression over it finds nothing.',
  ],
  'text-buckets-changed': [
    'exponential',
    'risky',
    false,
    'The buckets that text shows may lie at other bounds, so a matcher on `le` may find nothing.',
  ],
  'min-max-changed': ['declaration', 'safe', false, 'Only a push has the smallest and the largest value; Prometheus keeps neither.'],
  'quantile-added': ['quantile', 'risky', true, 'An expression without a matcher on `quantile` has one more series.'],
  'quantile-removed': ['quantile', 'breaking', true, 'A matcher on this `quantile` finds nothing.'],
  // Where values begin and when they are absent
  'start-unknown': [
    'start',
    'risky',
    false,
    'The total outlives the process and has no start time, so a comparison of the total, and `increase()` at a restart, may differ.',
  ],
  'start-known': [
    'start',
    'risky',
    false,
    'The total restarts at 0 with the process, so a comparison of the total itself has another meaning.',
  ],
  'zero-fill-ended': [
    'omission',
    'risky',
    false,
    'A series appears with its first value: `increase()` misses that one, `== 0` finds nothing, and `absent()` is true before it.',
  ],
  'zero-fill-begun': ['omission', 'safe', false, 'A series is 0 before its first value, which adds nothing to a sum or a rate.'],
  'zero-fill-of-levels': [
    'omission',
    'risky',
    false,
    'Averages, minimums and counts now include the zeros, and `absent()` is no longer true.',
  ],
  'metadata-omitted': ['omission', 'safe', false, 'Only HELP and TYPE are left out while there is no value.'],
  'metadata-kept': ['omission', 'safe', false, 'Only HELP and TYPE are shown while there is no value.'],
  'exemplars-begun': ['exemplars', 'safe', false, 'No expression reads exemplars.'],
  'exemplars-ended': ['exemplars', 'safe', false, 'No expression reads exemplars; a panel no longer links to traces.'],
  // Several processes behind one scrape
  'across-changed': [
    'across',
    'risky',
    false,
    'A scrape of several processes aggregates their values in another way; one process is unaffected.',
  ],
  'across-omitted': ['across', 'breaking', false, 'A scrape of several processes no longer has the series.'],
  'across-restored': ['across', 'safe', false, 'A scrape of several processes has the series, which it left out before.'],
  'worker-added': ['across', 'risky', false, 'In a scrape of several processes, each series divides by the new label `worker`.'],
  'worker-removed': [
    'across',
    'breaking',
    false,
    'In a scrape of several processes, a matcher on `worker` finds nothing, and `by (worker)` no longer divides.',
  ],
  // What the author says of it
  'deprecation-changed': ['lifecycle', 'safe', false, 'The series remains; the text says what to use instead.'],
  'stability-changed': ['lifecycle', 'safe', false, 'The series remains; stability says only whether later changes are to be expected.'],
  // The whole contract
  'contract-renamed': [
    'contract',
    'risky',
    false,
    'The meter has the name of the contract, which a pushed series may carry as `otel_scope_name`.',
  ],
  'default-format-changed': ['contract', 'safe', false, 'Only a client that states no preference is affected; Prometheus states one.'],
  'max-age-lowered': ['contract', 'risky', false, 'After a failed collection series end earlier, so `absent()` is true sooner.'],
  'max-age-raised': ['contract', 'risky', false, 'After a failed collection old values stay longer, so `absent()` is true later.'],
  'accepts-changed': ['contract', 'safe', false, 'Only the linter reads which findings the contract accepts.'],
  'metric-order': ['order', 'safe', false, 'Series have no order in PromQL.'],
} as const satisfies Readonly<Record<string, Row>>;

export type ImpactRuleId = keyof typeof rows;

export const impacts: Readonly<Record<ImpactRuleId, ImpactRule>> = Object.freeze(
  Object.fromEntries(
    Object.entries(rows).map(([id, [field, impact, page, reason]]) => [id, Object.freeze({ field, impact, page, reason })]),
  ) as Record<ImpactRuleId, ImpactRule>,
);
