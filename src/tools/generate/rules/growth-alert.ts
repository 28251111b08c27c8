/** An alert on a counter that should stay as it is. */
import type { Metric } from '../../../core/contract/index.ts';
import { by, selector } from '../samples.ts';
import { EXAMPLE_INSTANCE, EXAMPLE_JOB, type PlayedAlert, playedSeries } from './play.ts';
import type { Alert } from './rule-file.ts';

/** How far back an increase is seen. */
const WINDOW = '15m';

export interface Growth extends Omit<Alert, 'expr' | 'comment'> {
  readonly metric: Metric;
  /** Further matchers, e.g. `outcome!="success"`. Default: none. */
  readonly where?: readonly string[];
  /** The labels that the alert keeps beside job and instance, as on the wire, each with a value that a test plays. */
  readonly keeps: Readonly<Record<string, string>>;
}

/** @param job the job's name; undefined: every job */
export function growthAlert({ metric, where = [], keeps, ...alert }: Growth, job: string | undefined): PlayedAlert {
  const matchers = [...jobMatcher(job), ...where];
  const labels = { job: job ?? EXAMPLE_JOB, instance: EXAMPLE_INSTANCE, ...keeps };
  const input = [{ series: playedSeries(metric.series, labels), values: played(metric) }];
  return {
    ...alert,
    expr: grown(metric, Object.keys(labels), matchers),
    play: { input, fires: { at: '30m', labels }, silentAt: '80m' },
  };
}

export function jobMatcher(job: string | undefined): readonly string[] {
  return job === undefined ? [] : [`job=${JSON.stringify(job)}`];
}

/** The first event of a series that does not start at 0 is no increase to Prometheus: a series that is new counts as well. */
function grown(metric: Metric, labels: readonly string[], matchers: readonly string[]): string {
  const selected = selector(metric.series, matchers);
  const increased = `sum${by(labels)}(increase(${selected}[${WINDOW}])) > 0`;
  if (metric.zeroFilled) return increased;
  return `${increased}\nor\nsum${by(labels)}(${selected} unless ${selected} offset ${WINDOW}) > 0`;
}

/**
 * It counts from the tenth minute to the thirty-fifth; of a series that does not start at 0, the first event is its first sample.
 */
function played({ zeroFilled }: Metric): string {
  return zeroFilled ? '0x9 1+1x25 26x60' : '_x9 1+1x25 26x60';
}
