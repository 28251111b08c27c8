/** Alerts on what Meterbridge says of itself in an application (`selfMetrics: true`). */
import { selfContract, threadContract } from '../../../core/self/contract.ts';
import { selector } from '../samples.ts';
import { growthAlert, jobMatcher } from './growth-alert.ts';
import { EXAMPLE_INSTANCE, EXAMPLE_JOB, type PlayedAlert, playedSeries } from './play.ts';

const { metrics } = selfContract;
const MS_A_SECOND = 1_000;

/** Those about the contract: values lost, put together, or out of date. */
export function contractSelfAlerts(prefix: string, job: string | undefined, maxAgeMs: number): readonly PlayedAlert[] {
  const refused = growthAlert(
    {
      metric: metrics.measurementsRefused,
      keeps: { metric: 'app_jobs_total', reason: 'label_value' },
      name: `${prefix}MeasurementsRefused`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.instance }} loses measurements of {{ $labels.metric }}: {{ $labels.reason }}',
      description: 'A value or a label breaks the contract, or the metric is full. What was refused is in no series.',
      runbook: 'The log names the value. Correct the call, or the contract.',
    },
    job,
  );
  const folded = growthAlert(
    {
      metric: metrics.measurementsFolded,
      where: ['reason!="capped"'],
      keeps: { reason: 'identity' },
      name: `${prefix}MeasurementsFolded`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.instance }} records measurements under another label value: {{ $labels.reason }}',
      description: 'A label or a metric has as many series as it may have. Sums are right, single series are not.',
      runbook: 'Remove what is gone, raise the limit in the contract, or find out why there are so many values.',
    },
    job,
  );
  return [refused, folded, ...(Number.isFinite(maxAgeMs) ? [collectionOld(prefix, job, maxAgeMs / MS_A_SECOND)] : [])];
}

/** All of them. */
export function selfAlerts(prefix: string, job: string | undefined, maxAgeMs: number): readonly PlayedAlert[] {
  const blocked = Number.isFinite(maxAgeMs) ? [valuesOld(prefix, job, maxAgeMs / MS_A_SECOND)] : [];
  return [...contractSelfAlerts(prefix, job, maxAgeMs), ...processAlerts(prefix, job), ...blocked, pushesFail(prefix, job)];
}

function collectionOld(prefix: string, job: string | undefined, seconds: number): PlayedAlert {
  const labels = { job: job ?? EXAMPLE_JOB, instance: EXAMPLE_INSTANCE, family: 'app_queue_depth' };
  const { series } = metrics.collectionAge;
  const old = Math.ceil(seconds) + 1;
  return {
    name: `${prefix}CollectionOld`,
    expr: `max by (job, instance, family) (${selector(series, jobMatcher(job))}) > ${seconds}`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.instance }} has not read {{ $labels.family }} for {{ $value }} s',
    description: `Its callback fails or takes too long. After ${seconds} s without a good collection, the family is not shown.`,
    runbook: 'The log has the error of the callback.',
    play: {
      input: [{ series: playedSeries(series, labels), values: `${old}x30 0x60` }],
      fires: { at: '15m', labels, value: old },
      silentAt: '50m',
    },
  };
}

/** Of a listener in a thread of its own, which answers while the application does not. */
function valuesOld(prefix: string, job: string | undefined, seconds: number): PlayedAlert {
  const labels = { job: job ?? EXAMPLE_JOB, instance: EXAMPLE_INSTANCE };
  const { series } = threadContract.metrics.valuesAge;
  const old = Math.ceil(seconds) + 1;
  return {
    name: `${prefix}ListenerValuesOld`,
    expr: `max by (job, instance) (${selector(series, jobMatcher(job))}) > ${seconds}`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.instance }} has shown the same observed values for {{ $value }} s',
    description: 'The application does not respond to its own listener: something blocks its event loop.',
    runbook: 'Take a CPU profile of the process, and look for work that is not divided.',
    play: {
      input: [{ series: playedSeries(series, labels), values: `${old}x30 0x60` }],
      fires: { at: '15m', labels, value: old },
      silentAt: '50m',
    },
  };
}

function processAlerts(prefix: string, job: string | undefined): readonly PlayedAlert[] {
  const failing = { for: '15m', severity: 'warning' } as const;
  return [
    {
      metric: metrics.collections,
      where: ['outcome!="success"'],
      keeps: { outcome: 'failed' },
      name: `${prefix}CollectionsFail`,
      ...failing,
      summary: 'Callbacks of {{ $labels.instance }} do not end well: {{ $labels.outcome }}',
      description: 'Observed families keep their last values for a while, and then are not shown.',
      runbook: 'The log has the error of the callback.',
    },
    {
      metric: metrics.scrapes,
      where: ['outcome!="success"'],
      keeps: { outcome: 'timeout' },
      name: `${prefix}ScrapesFail`,
      ...failing,
      summary: 'Scrapes of {{ $labels.instance }} do not end well: {{ $labels.outcome }}',
      description: 'Prometheus has gaps, or values that are out of date (stale).',
      runbook: 'Compare the duration of collections and the size of the page with their limits.',
    },
    {
      metric: metrics.familiesOmitted,
      keeps: { reason: 'size' },
      name: `${prefix}FamiliesOmitted`,
      ...failing,
      summary: 'Scrapes of {{ $labels.instance }} leave out families: {{ $labels.reason }}',
      description: 'The page would be larger than its limit, or two families have one name.',
      runbook: 'Raise the limit of the page or lower those of labels; for a name, rename one of the families.',
    },
  ].map((growth) => growthAlert(growth as Parameters<typeof growthAlert>[0], job));
}

function pushesFail(prefix: string, job: string | undefined): PlayedAlert {
  const { series } = metrics.pushes;
  const target = { job: job ?? EXAMPLE_JOB, instance: EXAMPLE_INSTANCE };
  const some = (outcome: string) =>
    `sum by (job, instance) (increase(${selector(series, [...jobMatcher(job), `outcome="${outcome}"`])}[15m])) > 0`;
  return {
    name: `${prefix}PushesFail`,
    expr: `${some('failed')}\nunless\n${some('success')}`,
    for: '10m',
    severity: 'warning',
    summary: 'No push of {{ $labels.instance }} succeeds',
    description:
      'For a quarter of an hour every push over OTLP failed. Counters and histograms lose nothing while the process lives.',
    runbook: 'The log has the response of the receiver.',
    play: {
      input: [
        { series: playedSeries(series, { ...target, outcome: 'failed' }), values: '0x5 1+1x30 31x60' },
        { series: playedSeries(series, { ...target, outcome: 'success' }), values: '0x40 1+1x60' },
      ],
      fires: { at: '30m', labels: target },
      silentAt: '80m',
    },
  };
}
