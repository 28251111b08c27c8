/** The service's own metrics: under the Collector's names where it has them, and `meterbridge_` beside them. */
import { contract, counter, gauge, identity, oneOf } from '../contract/index.ts';

const id = identity({ limit: 1_000 });
const receiver = { receiver: id, transport: oneOf('http', 'grpc', 'other') };
const exporter = { exporter: id };
const queue = { ...exporter, data_type: oneOf('metrics') };
const point = '{datapoint}';

/** The Collector's name of an instrument, under which its metrics are pushed. */
const named = <Name extends string>(name: Name) => ({ instrument: `otelcol_${name}` }) as const;

/** Their names are shown without suffixes: the Collector's counters have none. */
export const otelcolContract = contract('otelcol', {
  receiverAcceptedMetricPoints: counter({
    ...named('receiver_accepted_metric_points'),
    observed: true,
    unit: point,
    help: 'Metric points that the pipelines took.',
    labels: receiver,
  }),
  receiverRefusedMetricPoints: counter({
    ...named('receiver_refused_metric_points'),
    observed: true,
    unit: point,
    help: 'Metric points that are invalid, or that the pipelines rejected.',
    labels: receiver,
  }),
  receiverFailedMetricPoints: counter({
    ...named('receiver_failed_metric_points'),
    observed: true,
    unit: point,
    help: 'Metric points lost because of an error within the service.',
    labels: receiver,
  }),
  filteredMetricPoints: counter({
    // In a push, the Collector's has a dot.
    ...named('processor_filter_datapoints.filtered'),
    observed: true,
    unit: '1',
    help: 'Metric points that the filter dropped.',
    labels: { filter: id },
  }),
  exporterSentMetricPoints: counter({
    ...named('exporter_sent_metric_points'),
    observed: true,
    unit: point,
    help: 'Metric points that the exporter took.',
    labels: exporter,
  }),
  exporterSendFailedMetricPoints: counter({
    ...named('exporter_send_failed_metric_points'),
    observed: true,
    unit: point,
    help: 'Metric points that the exporter rejected.',
    labels: exporter,
  }),
  exporterEnqueueFailedMetricPoints: counter({
    ...named('exporter_enqueue_failed_metric_points'),
    observed: true,
    unit: point,
    help: 'Metric points for which the exporter’s queue was full.',
    labels: exporter,
  }),
  exporterQueueSize: gauge({
    ...named('exporter_queue_size'),
    observed: true,
    unit: '{unit}',
    help: 'What is in the queue, in the unit of its sizer.',
    labels: queue,
  }),
  exporterQueueCapacity: gauge({
    ...named('exporter_queue_capacity'),
    observed: true,
    unit: '{unit}',
    help: 'What the queue can hold, in the unit of its sizer.',
    labels: queue,
  }),
  processUptime: counter({ ...named('process_uptime'), observed: true, unit: 's', help: 'Time since the process started.' }),
  processCpuSeconds: counter({
    ...named('process_cpu_seconds'),
    observed: true,
    unit: 's',
    help: 'User and system time of the process.',
  }),
  processMemoryRss: gauge({
    ...named('process_memory_rss'),
    observed: true,
    unit: 'By',
    help: 'Resident memory of the process.',
  }),
});

/** What exporters that keep series say of themselves, and what the service holds in all. */
export const seriesContract = contract('meterbridge', {
  memoryHeldBytes: gauge({ observed: true, unit: 'By', help: 'What the service holds of what senders sent.' }),
  memoryLimitBytes: gauge({ observed: true, unit: 'By', help: 'What it may hold: --max-memory.' }),
  series: gauge({ observed: true, unit: '{series}', help: 'Series that the exporter keeps.', labels: exporter }),
  families: gauge({ observed: true, unit: '{family}', help: 'Exposed names that the exporter keeps.', labels: exporter }),
  pointsNotTaken: counter({
    observed: true,
    unit: point,
    help: 'Metric points that the exporter rejected or does not expose.',
    labels: { ...exporter, reason: identity({ limit: 100 }) },
  }),
  resourcesOmitted: counter({
    observed: true,
    unit: '{resource}',
    help: 'Resources that expositions leave out because they would be larger than --max-page-bytes, counted in each exposition.',
    labels: exporter,
  }),
  seriesExpired: counter({
    observed: true,
    unit: '{series}',
    help: 'Series that are gone because no point came for too long.',
    labels: exporter,
  }),
  streamResets: counter({ observed: true, unit: '{reset}', help: 'Cumulative streams that were reset.', labels: exporter }),
  deltaGaps: counter({
    observed: true,
    unit: '{gap}',
    help: 'Deltas that were added though they begin after the last one of their series ended.',
    labels: exporter,
  }),
  silentTotals: gauge({
    observed: true,
    unit: '{series}',
    help: 'Series of deltas that are gone because no point came for too long, and go on with their next delta.',
    labels: exporter,
  }),
  silentTotalsForgotten: counter({
    observed: true,
    unit: '{series}',
    help: 'Such series that are forgotten for want of memory: they begin again with their next delta.',
    labels: exporter,
  }),
  exemplarLabelsOmitted: counter({
    observed: true,
    unit: '{label}',
    help: 'Labels that exemplars leave out, because all that one has may be 128 characters long.',
    labels: exporter,
  }),
  contractBreaks: counter({
    observed: true,
    unit: point,
    help: 'Metric points that break the contract of --contract.',
    labels: { reason: identity({ limit: 100 }) },
  }),
  conflicts: counter({
    observed: true,
    unit: '{conflict}',
    help: 'Metrics that are not shown, or merged, because another one has their name; streams that are one series; attributes that are one label.',
    labels: exporter,
  }),
});
