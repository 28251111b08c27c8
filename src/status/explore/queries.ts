/** Queries about a family, to copy into Prometheus. */
import type { Family, FamilyRow } from '../model/index.ts';

const range = '[5m]';
/** A name that PromQL takes as it is; others are written as a label (Prometheus 3). */
const bare = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** @param hasBuckets of a histogram: it has bounds, and so series `_bucket` */
export function queriesOf({ name, type }: Pick<FamilyRow, 'name' | 'type'>, hasBuckets: boolean): Family['promql'] {
  const series = (suffix = '') => (bare.test(name) ? `${name}${suffix}` : `{${JSON.stringify(`${name}${suffix}`)}}`);
  const rate = (suffix = '') => `rate(${series(suffix)}${range})`;
  const count = {
    title: 'Number of series',
    query: `count(${series(type === 'histogram' || type === 'summary' ? '_count' : '')})`,
  };
  switch (type) {
    case 'counter':
      return [
        { title: 'Per second, by job', query: `sum by (job) (${rate()})` },
        { title: 'In the last hour', query: `sum(increase(${series()}[1h]))` },
        count,
      ];
    case 'histogram':
      return [
        hasBuckets
          ? { title: '95th percentile', query: `histogram_quantile(0.95, sum by (le) (${rate('_bucket')}))` }
          : { title: '95th percentile', query: `histogram_quantile(0.95, sum(${rate()}))` },
        { title: 'Mean', query: `sum(${rate('_sum')}) / sum(${rate('_count')})` },
        { title: 'Per second', query: `sum by (job) (${rate('_count')})` },
        ...(hasBuckets ? [count] : [{ ...count, query: `count(${series()})` }]),
      ];
    case 'summary':
      return [
        { title: 'By quantile', query: `max by (quantile) (${series()})` },
        { title: 'Mean', query: `sum(${rate('_sum')}) / sum(${rate('_count')})` },
        count,
      ];
    default:
      return [
        { title: 'Mean, by job', query: `avg by (job) (${series()})` },
        { title: 'Largest', query: `topk(5, ${series()})` },
        count,
      ];
  }
}
