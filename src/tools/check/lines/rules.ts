/** Every rule that OTLP can break here: its id, how severe that is, what it says, what to do, and where the norm has it. */
import type { Severity } from '../finding.ts';

export interface OtlpRule {
  readonly severity: Severity;
  readonly rule: string;
  readonly fix: string;
  /** The norm. */
  readonly link: string;
}

const protocol = 'https://opentelemetry.io/docs/specs/otlp/#';
const file = 'https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/#';
const model = 'https://opentelemetry.io/docs/specs/otel/metrics/data-model/#';
const api = 'https://opentelemetry.io/docs/specs/otel/metrics/api/#';
const compatibility = 'https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#';
const proto = 'https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/metrics/v1/metrics.proto';
const conventions = 'https://opentelemetry.io/docs/specs/semconv/general/metrics/#';
const resource = 'https://opentelemetry.io/docs/specs/semconv/resource/#';
const environment =
  'https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/#additional-environment-variable-configuration';
const ours = 'https://prometheus.io/docs/practices/naming/#labels';

const error = (rule: string, fix: string, link: string): OtlpRule => ({ severity: 'error', rule, fix, link });
const warning = (rule: string, fix: string, link: string): OtlpRule => ({ severity: 'warning', rule, fix, link });
const note = (rule: string, fix: string, link: string): OtlpRule => ({ severity: 'note', rule, fix, link });

export const otlpRules = {
  // Lines
  'otlp-line': error(
    'a line is one ExportMetricsServiceRequest as OTLP/JSON',
    'write one JSON object a line',
    `${file}json-lines-file`,
  ),
  'otlp-line-length': error('a line is at most as long as the limit', 'send smaller batches', `${file}json-lines-file`),
  'otlp-no-metrics': note('only metrics are read', 'read a file that has metrics', `${file}json-lines-file`),
  // Requests
  'otlp-point': error('a point can be read', 'correct it: a receiver rejects it', `${protocol}partial-success`),
  'otlp-service-name': warning(
    'a resource has a service.name',
    'set OTEL_SERVICE_NAME: Prometheus makes the job of it',
    `${resource}service`,
  ),
  // Metrics
  'otlp-metric-name': error('a metric has a name', 'give it one', `${model}metric-points`),
  'otlp-instrument-name': warning(
    'an instrument name begins with a letter and has at most 255 letters, digits, _, ., - and /',
    'rename the instrument',
    `${api}instrument-name-syntax`,
  ),
  'otlp-unit': warning('a unit is a UCUM code', 'write the code, such as s, By, 1/s or {run}', `${conventions}instrument-units`),
  'otlp-unit-length': warning('a unit has at most 63 ASCII characters', 'shorten it', `${api}instrument-unit`),
  'otlp-description': warning(
    'a metric is described',
    'give the instrument a description: it becomes HELP',
    `${api}instrument-description`,
  ),
  'otlp-no-data': warning('a metric has data of a known type', 'leave the metric out, or send its points', proto),
  'otlp-total': warning(
    'a metric called total is a monotonic sum: Prometheus shows any other type with _total as a gauge',
    'make it a counter, or rename it',
    `${compatibility}sums`,
  ),
  'otlp-name-conflict': error(
    'two metrics with one name in Prometheus are of one type',
    'rename one of the two metrics: an exporter drops the second',
    `${compatibility}metric-metadata`,
  ),
  'otlp-metadata': warning(
    'a metric has one unit and one description',
    'describe it alike everywhere',
    `${compatibility}metric-metadata`,
  ),
  // Points
  'otlp-temporality': error(
    'sums and histograms have a temporality',
    'set AGGREGATION_TEMPORALITY_CUMULATIVE',
    `${model}temporality`,
  ),
  'otlp-delta': note(
    'Prometheus has cumulative values: deltas are added up on the way there, and a lost one is missing for ever',
    'set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative',
    environment,
  ),
  'otlp-delta-sum': warning(
    'a sum that goes up and down is cumulative: its deltas are not shown in Prometheus',
    'send it as cumulative',
    `${compatibility}sums`,
  ),
  'otlp-time': error('a point has a time', 'set timeUnixNano', proto),
  'otlp-start': warning(
    'a point of a sum or a histogram has a start time: without it, a reset is not told from a gap',
    'set startTimeUnixNano',
    `${model}resets-and-gaps`,
  ),
  'otlp-start-late': error('a point starts before its time', 'correct startTimeUnixNano', `${model}temporality`),
  'otlp-order': warning(
    'the points of a stream go forward in time',
    'let one writer send a stream, each request once',
    `${model}single-writer`,
  ),
  'otlp-fell': error(
    'a monotonic sum does not fall before it starts again',
    'use an up-down counter or a gauge, or set a new start',
    `${model}sums`,
  ),
  'otlp-negative': error('a monotonic sum is not negative', 'use an up-down counter or a gauge', `${model}sums`),
  'otlp-targets': note(
    'series of one name and one label set are of one resource',
    'read one process at a time to compare values: the newest one counts',
    `${resource}service`,
  ),
  // Bounds of this reader
  'otlp-limit-series': warning('at most 1,000,000 series are read', 'lower the cardinality: the rest are not looked at', ours),
  'otlp-limit-families': warning('at most 100,000 metric names are read', 'lower their number: the rest are not looked at', ours),
} as const satisfies Readonly<Record<string, OtlpRule>>;

export type OtlpRuleId = keyof typeof otlpRules;
