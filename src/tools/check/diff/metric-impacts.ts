/** Of a metric's name, type, unit and help. */
import type { Row } from './impact-row.ts';

export const metricImpacts = {
  // The metric
  'metric-removed': ['metric', 'breaking', true, 'An expression that selects the series finds nothing.'],
  'metric-added': ['metric', 'safe', true, 'No expression selects the series yet, unless it matches `__name__`.'],
  'metric-reused': [
    'metric',
    'breaking',
    true,
    'The name belonged to another metric, so an expression reads values of another meaning.',
  ],
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
  'counter-to-level': [
    'type',
    'breaking',
    true,
    'The value may fall now, and `rate()` and `increase()` take each fall for a restart.',
  ],
  'level-to-counter': [
    'type',
    'breaking',
    true,
    'The value only grows now and restarts at 0, so comparisons and averages of it have another meaning.',
  ],
  'type-declared': [
    'type',
    'risky',
    true,
    'The type was or is unknown, so an expression may have taken the value for another type.',
  ],
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
  'unit-declared': [
    'unit',
    'risky',
    true,
    'One of the two declares no unit, so nobody can know whether the values are the same.',
  ],
  'unit-respelled': ['unit', 'safe', true, 'Both spellings mean the same scale, so the values are the same.'],
  'help-changed': ['help', 'safe', true, 'No expression reads HELP.'],
} as const satisfies Readonly<Record<string, Row>>;
