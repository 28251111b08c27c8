/**
 * Alerts on the own metrics of `meterbridge serve`, under the names that its page shows: those of a Collector, without suffixes.
 */
import type { Contract, Metric } from '../../../core/contract/index.ts';
import { selector } from '../samples.ts';
import { type Growth, growthAlert, jobMatcher } from './growth-alert.ts';
import { EXAMPLE_INSTANCE, EXAMPLE_JOB, type PlayedAlert, playedSeries } from './play.ts';

const SHARE = 0.8;
const lost = { for: '5m', severity: 'critical' } as const;
const odd = { for: '5m', severity: 'warning' } as const;
const receiver = { receiver: 'otlp', transport: 'http' };
const exporter = { exporter: 'prometheus' };

/** What should not grow, by series. */
const growing: Readonly<Record<string, Omit<Growth, 'metric'>>> = {
  otelcol_receiver_refused_metric_points: {
    ...odd,
    keeps: receiver,
    name: 'PointsRefused',
    summary: '{{ $labels.receiver }} of {{ $labels.instance }} refuses metric points',
    description: 'They are invalid, or the pipelines reject them, e.g. because the memory limit is reached.',
    runbook: 'The log and the response to the sender have the reason.',
  },
  otelcol_receiver_failed_metric_points: {
    ...lost,
    keeps: receiver,
    name: 'ReceiverFails',
    summary: '{{ $labels.receiver }} of {{ $labels.instance }} loses metric points',
    description: 'An error within the service: this is a defect of it.',
    runbook: 'The log has the error. Please report it.',
  },
  otelcol_exporter_send_failed_metric_points: {
    ...lost,
    keeps: exporter,
    name: 'SendFails',
    summary: '{{ $labels.exporter }} of {{ $labels.instance }} loses metric points',
    description: 'The receiver rejected them, or was away for longer than they are retried.',
    runbook: 'The log has the response of the receiver.',
  },
  otelcol_exporter_enqueue_failed_metric_points: {
    ...lost,
    keeps: exporter,
    name: 'QueueFull',
    summary: 'The queue of {{ $labels.exporter }} on {{ $labels.instance }} is full',
    description: 'Metric points are lost: more comes than the receiver takes.',
    runbook: 'Look at the receiver; then raise queue_size or num_consumers.',
  },
  meterbridge_points_not_taken: {
    ...odd,
    keeps: { ...exporter, reason: 'name' },
    name: 'PointsNotTaken',
    summary: '{{ $labels.exporter }} of {{ $labels.instance }} does not take metric points: {{ $labels.reason }}',
    description: 'The exporter rejects them or does not expose them.',
    runbook: 'The log names the metric.',
  },
  meterbridge_resources_omitted: {
    ...odd,
    keeps: exporter,
    name: 'ResourcesOmitted',
    summary: '{{ $labels.exporter }} of {{ $labels.instance }} leaves resources out of its page',
    description: 'The page would be larger than --max-page-bytes.',
    runbook: 'Raise --max-page-bytes, or find the sender with so many series.',
  },
  meterbridge_contract_breaks: {
    ...odd,
    keeps: { reason: 'unit' },
    name: 'ContractBreaks',
    summary: 'Senders of {{ $labels.instance }} break the contract: {{ $labels.reason }}',
    description: 'Metric points are not as the contract of --contract says.',
    runbook: 'The log names the metric and the difference.',
  },
  meterbridge_conflicts: {
    ...odd,
    keeps: exporter,
    name: 'NameConflicts',
    summary: '{{ $labels.exporter }} of {{ $labels.instance }} has several metrics of one name',
    description: 'One of them is not shown, or they are merged.',
    runbook: 'The log names them. Rename one, or correct its type, unit or help.',
  },
};

/** @param contract the service's, with the names that its page shows */
export function serveAlerts(prefix: string, job: string | undefined, contract: Contract): readonly PlayedAlert[] {
  const metrics = new Map(Object.values(contract.metrics).map((metric) => [metric.series, metric]));
  const grown = Object.entries(growing).flatMap(([series, growth]) => {
    const metric = metrics.get(series);
    return metric === undefined ? [] : [growthAlert({ ...growth, metric, name: prefix + growth.name }, job)];
  });
  const full = fullnesses.flatMap(({ part, whole, ...alert }) => {
    const [used, most] = [metrics.get(part), metrics.get(whole)];
    return used === undefined || most === undefined ? [] : [fullAlert(prefix, job, used, most, alert)];
  });
  return [...grown, ...full];
}

type Full = Pick<PlayedAlert, 'name' | 'summary' | 'description' | 'runbook'> & {
  readonly labels: Readonly<Record<string, string>>;
};

const fullnesses: readonly (Full & { readonly part: string; readonly whole: string })[] = [
  {
    part: 'otelcol_exporter_queue_size',
    whole: 'otelcol_exporter_queue_capacity',
    labels: { ...exporter, data_type: 'metrics' },
    name: 'QueueNearLimit',
    summary: 'The queue of {{ $labels.exporter }} on {{ $labels.instance }} is almost full',
    description: `More than ${SHARE * 100} % of its capacity waits. Once it is full, metric points are lost.`,
    runbook: 'Look at the receiver; then raise queue_size or num_consumers.',
  },
  {
    part: 'meterbridge_memory_held_bytes',
    whole: 'meterbridge_memory_limit_bytes',
    labels: {},
    name: 'MemoryNearLimit',
    summary: '{{ $labels.instance }} holds almost as much as it may',
    description: `More than ${SHARE * 100} % of --max-memory is in use. At the limit it refuses what senders send.`,
    runbook: 'Raise --max-memory, or find the sender with so many series.',
  },
];

function fullAlert(prefix: string, job: string | undefined, used: Metric, most: Metric, alert: Full): PlayedAlert {
  const matchers = jobMatcher(job);
  const { labels: own, ...texts } = alert;
  const labels = { job: job ?? EXAMPLE_JOB, instance: EXAMPLE_INSTANCE, ...own };
  return {
    ...texts,
    name: prefix + texts.name,
    // Without a limit there is no share.
    expr: `${selector(used.series, matchers)} > ${SHARE} * (${selector(most.series, matchers)} > 0)`,
    for: '10m',
    severity: 'warning',
    play: {
      input: [
        { series: playedSeries(used.series, labels), values: '81x30 80x60' },
        { series: playedSeries(most.series, labels), values: '100x90' },
      ],
      fires: { at: '20m', labels },
      silentAt: '60m',
    },
  };
}
