/** Alerts on labels that have almost as many values as their limit. */
import type { Contract, Metric } from '../../../core/contract/index.ts';
import { anySample, openLabels } from '../samples.ts';
import { jobMatcher } from './growth-alert.ts';
import { EXAMPLE_INSTANCE, EXAMPLE_JOB, type PlayedAlert, playedSeries } from './play.ts';
import { sampleName } from './target-alerts.ts';

const SHARE = 0.8;
const FOR = '15m';
/** With a lower limit, no number of values is between the share and the limit. */
const LEAST_LIMIT = 5;

interface Limited {
  readonly metric: Metric;
  readonly name: string;
  readonly limit: number;
  /** The value that stands for the excess; it does not count. */
  readonly other: string;
}

type Kind = 'identity' | 'capped';

const texts = {
  identity: {
    suffix: 'LabelNearLimit',
    severity: 'warning',
    beyond: 'Beyond it, counters and histograms record further values as another one, and gauges reject them.',
    runbook: 'Remove what is gone, raise the limit in the contract, or find out why there are so many.',
  },
  capped: {
    suffix: 'CappedLabelNearLimit',
    severity: 'info',
    beyond: 'Beyond it, further values are added up as another one.',
    runbook: 'Raise the limit in the contract if you want to tell them apart. Otherwise nothing is wrong.',
  },
} as const;

export function limitAlerts(prefix: string, job: string | undefined, contract: Contract): readonly PlayedAlert[] {
  return (['identity', 'capped'] as const).flatMap((kind) => limitAlert(prefix, job, kind, limitedOf(contract, kind)));
}

function limitedOf({ metrics }: Contract, kind: Kind): readonly Limited[] {
  return Object.values(metrics).flatMap((metric) =>
    openLabels(metric)
      .filter(({ label }) => label.kind === kind && label.limit >= LEAST_LIMIT)
      .map(({ name, label }) => ({ metric, name, limit: label.limit, other: label.other })),
  );
}

function limitAlert(prefix: string, job: string | undefined, kind: Kind, limited: readonly Limited[]): readonly PlayedAlert[] {
  // Least series to play.
  const [least] = limited.toSorted((a, b) => a.limit - b.limit);
  if (least === undefined) return [];
  const { suffix, severity, beyond, runbook } = texts[kind];
  return [
    {
      name: prefix + suffix,
      expr: limited.map((one) => nearLimit(one, job)).join('\nor\n'),
      for: FOR,
      severity,
      summary: '{{ $labels.family }} of {{ $labels.instance }} has {{ $value }} values of {{ $labels.label }}',
      description: `That is more than ${SHARE * 100} % of the label's limit. ${beyond}`,
      runbook,
      play: playOf(least, job ?? EXAMPLE_JOB),
    },
  ];
}

function nearLimit({ metric, name, limit, other }: Limited, job: string | undefined): string {
  const values = anySample(metric, [...jobMatcher(job), `${name}!=""`, `${name}!=${JSON.stringify(other)}`]);
  const near = `count by (job, instance) (count by (job, instance, ${name}) (${values})) > ${SHARE} * ${limit}`;
  return `label_replace(label_replace(${near}, "family", "${metric.series}", "", ""), "label", "${name}", "", "")`;
}

/** One value too many, which goes after half an hour. */
function playOf({ metric, name, limit }: Limited, job: string) {
  const target = { job, instance: EXAMPLE_INSTANCE };
  const most = Math.floor(SHARE * limit);
  const input = Array.from({ length: most + 1 }, (_, at) => ({
    series: playedSeries(sampleName(metric), { ...target, [name]: `v${at + 1}` }),
    values: at === most ? '1x30 stale' : '1x70',
  }));
  const labels = { ...target, family: metric.series, label: name };
  return { input, fires: { at: '20m', labels, value: most + 1 }, silentAt: '60m' };
}
