/** Every rule that an exposition can break: its id, what it says, what to do, and where the specification has it. */

export interface FindingRule {
  readonly rule: string;
  readonly fix: string;
  /** The specification. */
  readonly link: string;
  /** Prometheus reads the page, and drops the sample. */
  readonly dropped?: boolean;
}

const openMetrics = 'https://prometheus.io/docs/specs/om/open_metrics_spec/#';
const text = 'https://prometheus.io/docs/instrumenting/exposition_formats/#';
const messages = 'https://github.com/prometheus/client_model/blob/v0.6.3/io/prometheus/client/metrics.proto';
const native = 'https://prometheus.io/docs/specs/native_histograms/#';
const model = 'https://prometheus.io/docs/concepts/data_model/#';
const ours = 'https://prometheus.io/docs/instrumenting/writing_exporters/#';

const rule = (says: string, fix: string, link: string): FindingRule => ({ rule: says, fix, link });
const dropping = (says: string, fix: string, link: string): FindingRule => ({ ...rule(says, fix, link), dropped: true });

export const findings = {
  // Lines
  'line-end': rule('lines end with a line feed alone', 'remove the carriage return', `${openMetrics}overall-structure`),
  'line-blank': rule('there are no blank lines', 'remove it', `${openMetrics}overall-structure`),
  'line-after-eof': rule('nothing follows # EOF', 'remove it', `${openMetrics}overall-structure`),
  'line-no-eof': rule('an exposition ends with # EOF', 'add # EOF as the last line', `${openMetrics}overall-structure`),
  'line-no-feed': rule('the last line ends with a line feed', 'add it', `${text}line-format`),
  'line-nul': rule('no byte is 0', 'remove it: Prometheus takes it for the end of the exposition', `${text}line-format`),
  'line-utf-8': rule('an exposition is UTF-8', 'write it in UTF-8', `${openMetrics}overall-structure`),
  // Metadata
  'metadata-line': rule(
    'a # line is TYPE, HELP, UNIT or EOF, each part after one space',
    'write it so, or remove it',
    `${openMetrics}overall-structure`,
  ),
  'metadata-gap': rule('a blank follows the name', 'add it', `${text}comments-help-text-and-type-information`),
  'metadata-blanks': rule(
    'one blank is between # and TYPE or HELP, and one around the name',
    'remove the others: Prometheus takes them for part of the type, or the line for a comment',
    `${text}comments-help-text-and-type-information`,
  ),
  'metadata-type': rule('a type is one that the format has', 'use one of them', `${openMetrics}type`),
  'metadata-order': rule('metadata is before the samples', 'move it', `${openMetrics}metricfamily`),
  'metadata-twice': rule('a family has one TYPE, HELP and UNIT at most', 'remove one of them', `${openMetrics}metricfamily`),
  // Names, labels
  'name-metric': rule(
    'a metric name has letters, digits, _ and :, no digit first',
    'correct it, or put it in quotes',
    `${openMetrics}metric`,
  ),
  'name-start': rule('a sample starts with a metric name', 'use letters, digits, _ and :, no digit first', `${openMetrics}abnf`),
  'name-missing': rule('a sample has a metric name', 'put it in quotes inside the braces', `${openMetrics}abnf`),
  'name-blanks': rule(
    'a sample starts its line',
    'remove the blanks: Prometheus 3 takes them for part of the name',
    `${text}line-format`,
  ),
  'label-name': rule('a label has a name', 'use letters, digits and _, no digit first; quote others', `${openMetrics}label`),
  'label-reserved': rule('label names with __ in front are reserved', 'rename the label', `${openMetrics}label`),
  'label-twice': rule('a label occurs once in a series', 'remove or rename one of them', `${openMetrics}labelset`),
  'label-equals': rule('an = is between label name and value', 'add it', `${openMetrics}abnf`),
  'label-value': rule('a label value is in double quotes', 'add them', `${openMetrics}abnf`),
  'label-separator': rule('labels are separated by commas and end with }', 'add what is missing', `${openMetrics}abnf`),
  'label-last-comma': rule('no comma is before the closing brace', 'remove it', `${openMetrics}abnf`),
  'quote-open': rule('a quoted string ends on its line', 'add the closing quote', `${openMetrics}escaping`),
  escape: rule('a backslash starts an escape', 'double the backslash', `${text}comments-help-text-and-type-information`),
  // Values, times
  'sample-gap': rule('a blank is between the series and its value', 'add it', `${openMetrics}abnf`),
  'sample-rest': rule('a sample ends after its value, timestamp and exemplar', 'remove the rest', `${openMetrics}abnf`),
  'number-form': rule(
    'the value is a number',
    'write a decimal number, NaN, +Inf or -Inf, without spaces around it',
    `${openMetrics}numbers`,
  ),
  'number-range': rule('a number fits into a double', 'write a smaller one, or +Inf or -Inf', `${openMetrics}numbers`),
  'time-gap': rule('a space is between value and timestamp', 'add it, or remove the rest', `${openMetrics}abnf`),
  'time-finite': rule('a timestamp is finite', 'leave it out', `${openMetrics}timestamps`),
  'time-whole': rule(
    'a timestamp of text 0.0.4 is a whole number of milliseconds',
    'write it so, or leave it out',
    `${text}comments-help-text-and-type-information`,
  ),
  'time-sign': rule('a timestamp has digits alone', 'remove the sign: Prometheus rejects it', `${text}line-format`),
  'time-mixed': rule(
    'the samples of a label set all have a timestamp, or none has',
    'leave the timestamps out',
    `${openMetrics}metric`,
  ),
  'time-order': rule('timestamps of a label set go forward', 'leave the timestamps out', `${openMetrics}metric`),
  // Exemplars
  'exemplar-labels': rule('an exemplar starts with its labels', 'write {} when it has none', `${openMetrics}exemplars`),
  'exemplar-length': rule('exemplar labels have at most 128 characters', 'shorten them', `${openMetrics}exemplars`),
  'exemplar-gap': rule("a space is between an exemplar's labels and its value", 'add it', `${openMetrics}abnf`),
  'exemplar-place': rule('only counters and buckets have exemplars', 'remove it', `${openMetrics}exemplars`),
  'exemplar-time': rule('an exemplar of a native histogram has a timestamp', 'add it: Prometheus drops it without', messages),
  // Families
  'family-apart': rule('the lines of a family are together', 'move them next to the others', `${openMetrics}metricfamily`),
  'family-name': rule('no other family has a name of this one', 'rename one of the families', `${openMetrics}metricset`),
  'family-unit': rule('the name of a family with a unit ends with it', 'drop UNIT or rename', `${openMetrics}unit`),
  'family-no-unit': rule('info and stateset have no unit', 'drop UNIT', `${openMetrics}unit`),
  'series-twice': dropping(
    'a series occurs once',
    'add up the values, or remove one: Prometheus stores one',
    `${openMetrics}metricfamily`,
  ),
  'series-empty-label': dropping(
    'an empty label is none, so series that differ in nothing else are one',
    'leave the label out, or give it a value, in both; Prometheus stores one of them',
    `${model}metric-names-and-labels`,
  ),
  'series-apart': rule('the samples of one label set are together', 'move them next to each other', `${openMetrics}metric`),
  // Kinds
  'counter-name': rule("a counter's sample ends with _total", 'add it', `${openMetrics}counter`),
  'counter-total': rule('a counter has a _total', 'add it', `${openMetrics}counter`),
  'value-whole': rule('buckets and counts are whole numbers', 'correct the value', `${openMetrics}histogram`),
  'value-nan': rule('counters, counts, sums and buckets are never NaN', 'leave it out', `${openMetrics}counter`),
  'value-negative': rule(
    'counters, counts, sums and buckets are never negative',
    'use a gauge, or correct the value',
    `${openMetrics}counter`,
  ),
  'bucket-bound': rule('a bucket has a label le with its upper bound', 'write a number, or +Inf', `${openMetrics}histogram`),
  'bucket-order': rule('the buckets of a histogram are in the order of their bounds', 'sort them', `${openMetrics}histogram`),
  'bucket-cumulative': rule('the buckets of a histogram are cumulative', 'correct the counts', `${openMetrics}histogram`),
  'bucket-infinite': rule('the last bucket of a histogram is +Inf', 'add it', `${openMetrics}histogram`),
  'histogram-count': rule('the count of a histogram equals its +Inf bucket', 'correct one of them', `${openMetrics}histogram`),
  'histogram-sum': rule('a histogram has both count and sum, or neither', 'add what is missing', `${openMetrics}histogram`),
  'histogram-negative': rule('a histogram with negative buckets has no sum', 'leave the sum out', `${openMetrics}histogram`),
  'gauge-histogram-sum': rule(
    'a gauge histogram without negative buckets has no negative sum',
    'correct the sum',
    `${openMetrics}gaugehistogram`,
  ),
  'summary-quantile': rule(
    'a sample with the name of its summary has a label quantile from 0 to 1',
    'add or correct it',
    `${openMetrics}summary`,
  ),
  'summary-negative': rule('quantile values are never negative', 'correct the value', `${openMetrics}summary`),
  'state-label': rule('a stateset has a label with its own name', 'add it', `${openMetrics}stateset`),
  'state-value': rule('a state is 0 or 1', 'correct the value', `${openMetrics}stateset`),
  'info-value': rule('an info is always 1', 'write 1', `${openMetrics}info`),
  // Protobuf
  'protobuf-wire': rule('an exposition is messages, each behind its length', 'write delimited MetricFamily messages', messages),
  'protobuf-type': rule('a type is one of MetricType', 'use one of them', messages),
  'protobuf-value': rule('a metric has the field of its type', 'set it', messages),
  'native-spans': rule(
    'the spans of a native histogram have as many buckets as counts are beside them',
    'correct them',
    messages,
  ),
  'native-schema': rule('the schema of a native histogram is from -4 to 8', 'merge the buckets', `${native}schema`),
  'native-order': rule('only the first span has a negative offset', 'sort the spans', messages),
  'native-count': rule(
    'the buckets of a native histogram add up to its count, or to less where NaN was observed',
    'correct them',
    `${native}data-model`,
  ),
  'native-negative': rule('no bucket of a native histogram counts below zero', 'correct the deltas', messages),
  // Bounds of this parser
  'limit-line': rule('a line has at most 1 MiB', 'shorten its texts', `${ours}labels`),
  'limit-message': rule('a message has at most 32 MiB', 'split the family', `${ours}labels`),
  'limit-series': rule(
    'a family has at most 1,000,000 series',
    'lower the cardinality: the rest are not compared',
    `${ours}labels`,
  ),
  'limit-points': rule(
    'a family of text has at most 50,000 histograms',
    'lower the cardinality: the rest are not checked',
    `${ours}labels`,
  ),
  'limit-families': rule(
    'an exposition has at most 100,000 families',
    'split the exposition: the names of the rest are not compared',
    `${ours}labels`,
  ),
} as const satisfies Readonly<Record<string, FindingRule>>;

export type FindingId = keyof typeof findings;

export function dropsSample(id: string): boolean {
  const { dropped = false }: Partial<FindingRule> = (findings as Readonly<Record<string, FindingRule>>)[id] ?? {};
  return dropped;
}
