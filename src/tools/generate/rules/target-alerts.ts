/** Alerts on what every target of a contract has: that it is there, and that it shows the families that are never absent. */
import type { Contract, Metric } from '../../../core/contract/index.ts';
import { anySample } from '../samples.ts';
import { jobMatcher } from './growth-alert.ts';
import { EXAMPLE_INSTANCE, type PlayedAlert, playedSeries } from './play.ts';

/** Longer than a restart. */
const DOWN_FOR = '5m';
/** Longer than a start and a few scrapes. */
const ABSENT_FOR = '10m';

/** Prometheus scrapes the targets of the job. */
export function upAlerts(prefix: string, job: string): readonly PlayedAlert[] {
  const up = `up{${jobMatcher(job).join(',')}}`;
  const target = { job, instance: EXAMPLE_INSTANCE };
  const input = (values: string) => [{ series: playedSeries('up', target), values }];
  return [
    {
      name: `${prefix}TargetDown`,
      expr: `${up} == 0`,
      for: DOWN_FOR,
      severity: 'critical',
      summary: '{{ $labels.instance }} of {{ $labels.job }} cannot be scraped',
      description: `Every scrape failed for ${DOWN_FOR}: the process has ended, or the address, the credentials or the path are not right.`,
      runbook: "Read the error on Prometheus' page of targets, then the log of the process.",
      play: { input: input('0x20 1x60'), fires: { at: '15m', labels: target }, silentAt: '50m' },
    },
    {
      name: `${prefix}TargetAbsent`,
      expr: `absent(${up})`,
      for: DOWN_FOR,
      severity: 'critical',
      summary: 'Prometheus has no target of the job {{ $labels.job }}',
      description: `No scrape configuration or service discovery gave a target of this job for ${DOWN_FOR}.`,
      runbook: 'Compare the name of the job in the rule with scrape_configs, then look at the service discovery.',
      play: { input: input('_x20 1x60'), fires: { at: '15m', labels: { job } }, silentAt: '50m', firesOnNothing: true },
    },
  ];
}

/**
 * A family that starts at 0, or is 0 when its callback does not set it, is never absent. Others may be: a contract does not say
 * when.
 * @param pushed there is no `up`: the family is compared with nothing
 */
export function familyAlerts(prefix: string, job: string, contract: Contract, pushed: boolean): readonly PlayedAlert[] {
  const families = Object.values(contract.metrics).filter(isAlwaysThere);
  const [first] = families;
  if (first === undefined) return [];
  const matchers = jobMatcher(job);
  const missing = (metric: Metric) =>
    pushed
      ? `absent(${anySample(metric, matchers)})`
      : `up{${matchers}} == 1 unless on (job, instance) ${anySample(metric, matchers)}`;
  const target = { job, instance: EXAMPLE_INSTANCE };
  const labels = pushed ? { job, family: first.series } : { ...target, family: first.series };
  return [
    {
      name: `${prefix}FamilyAbsent`,
      expr: families.map((metric) => `label_replace(${missing(metric)}, "family", "${metric.series}", "", "")`).join('\nor\n'),
      for: ABSENT_FOR,
      severity: 'warning',
      summary: `${pushed ? '{{ $labels.job }}' : '{{ $labels.instance }}'} does not show {{ $labels.family }}`,
      description: `The contract says that this family is never absent: it starts at 0. It has been missing for ${ABSENT_FOR}.`,
      runbook:
        'Look for errors of its callback in the log, and for another version of the program: meterbridge check compares it with the contract.',
      play: {
        input: [
          ...(pushed ? [] : [{ series: playedSeries('up', target), values: '1x80' }]),
          ...families.map((metric) => ({
            series: playedSeries(sampleName(metric), target),
            values: metric === first ? '_x30 0x50' : '0x80',
          })),
        ],
        fires: { at: '20m', labels },
        silentAt: '60m',
        ...(pushed && { firesOnNothing: true }),
      },
    },
  ];
}

/** Deprecated families may go; those of `across: 'omit'` are not shown by several processes. */
function isAlwaysThere({ zeroFilled, omitEmpty, deprecated, across }: Metric): boolean {
  return zeroFilled && !omitEmpty && deprecated === undefined && across !== 'omit';
}

/** A sample that text shows of it. */
export function sampleName({ series, kind }: Metric): string {
  return kind === 'histogram' || kind === 'summary' ? `${series}_count` : series;
}
