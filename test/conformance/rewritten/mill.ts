/**
 * A contract of what the shop does not have: native histograms, with classic buckets beside them or without, summaries, constant
 * labels.
 */
import { type Contract, fromJson, type MetricJson } from '../../../src/core/contract/index.ts';

const labels = {
  till: { kind: 'closed', values: ['left', 'right'] },
  floor: { kind: 'closed', values: ['one', 'two', 'three'] },
} as const;

function metric(kind: MetricJson['kind'], series: string, rest: Partial<MetricJson> = {}): MetricJson {
  return {
    kind,
    observed: false,
    instrument: series,
    series,
    verbatim: true,
    unit: 's',
    help: 'A metric of the mill.',
    labels,
    zeroFilled: false,
    omitEmpty: false,
    exemplars: false,
    unknownStart: false,
    constantLabels: {},
    stability: 'stable',
    ...rest,
  };
}

const constantLabels = { plant: 'north' };

export const mill: Contract = fromJson({
  name: 'mill',
  defaultFormat: 'openmetrics',
  maxAgeMs: 60_000,
  accepts: {},
  metrics: {
    waits: metric('histogram', 'mill_waits_seconds', { exponential: { maxSize: 160, maxScale: 20 }, minMax: false }),
    loads: metric('histogram', 'mill_loads_seconds', {
      bounds: [0.5, 1, 2, 4],
      exponential: { maxSize: 160, maxScale: 20 },
      minMax: false,
    }),
    turns: metric('summary', 'mill_turns_seconds', { quantiles: [0.5, 0.9, 0.99] }),
    sacks: metric('counter', 'mill_sacks_total', { unit: '', constantLabels }),
    grinds: metric('histogram', 'mill_grinds_seconds', {
      exponential: { maxSize: 160, maxScale: 20 },
      minMax: false,
      constantLabels,
    }),
  },
});

/** Of the shapes that dashboards and rules have. */
export const ofTheMill: readonly string[] = [
  // Native histograms.
  'histogram_quantile(0.9, sum(rate(mill_waits_seconds[5m])))',
  'histogram_quantile(0.9, sum by (till) (rate(mill_waits_seconds[5m])))',
  'histogram_quantile(0.5, rate(mill_waits_seconds{till="left"}[5m]))',
  'histogram_quantile(0.5, sum without (floor) (rate(mill_waits_seconds{till=~"left|right"}[5m])))',
  'histogram_fraction(0, 0.7, sum by (floor) (rate(mill_waits_seconds[5m])))',
  'histogram_avg(rate(mill_waits_seconds[5m]))',
  'histogram_avg(sum by (till) (increase(mill_waits_seconds[10m]))) > 0.9',
  'histogram_count(sum by (till, floor) (rate(mill_waits_seconds[5m])))',
  'sum by (floor) (histogram_count(rate(mill_waits_seconds[5m])))',
  'histogram_sum(rate(mill_waits_seconds{floor!="one"}[5m])) / histogram_count(rate(mill_waits_seconds{floor!="one"}[5m]))',
  'histogram_sum(sum(rate(mill_waits_seconds[5m])))',
  'histogram_stddev(sum by (till) (rate(mill_waits_seconds[5m])))',
  'histogram_stdvar(rate(mill_waits_seconds{till="left"}[5m]))',
  'sum by (till) (rate(mill_waits_seconds[5m]))',
  'mill_waits_seconds{till="left", floor="two"}',
  'increase(mill_waits_seconds[5m])',
  'avg by (floor) (rate(mill_waits_seconds[5m]))',
  '2 * sum by (till) (rate(mill_waits_seconds[5m]))',
  'sum(rate(mill_waits_seconds[5m])) / 60',
  'rate(mill_waits_seconds{till="left"}[5m]) + on (floor) rate(mill_waits_seconds{till="right"}[5m])',
  'histogram_quantile(0.9, sum(rate(mill_waits_seconds{till="left"}[5m])) + sum(rate(mill_waits_seconds{till="right"}[5m])))',
  'histogram_quantile(0.9, avg_over_time(mill_waits_seconds{till="right"}[5m]))',
  'histogram_sum(sum_over_time(mill_waits_seconds[5m]))',
  'histogram_count(last_over_time(mill_waits_seconds[5m]))',
  'histogram_count(mill_waits_seconds offset 5m)',
  'count by (till) (mill_waits_seconds)',
  'count(mill_waits_seconds{floor=~"t.*"})',
  'absent(mill_waits_seconds{till="left"})',
  'absent(mill_waits_seconds{till="middle"})',
  'count_over_time(mill_waits_seconds[5m])',
  'resets(mill_waits_seconds[10m])',
  'changes(mill_waits_seconds[5m])',
  'group by (floor) (mill_waits_seconds)',
  'label_replace(histogram_avg(rate(mill_waits_seconds[5m])), "where", "$1", "till", "(.).*")',
  'histogram_avg(rate(mill_waits_seconds[5m])) * on (till, floor) histogram_count(rate(mill_waits_seconds[5m]))',
  'histogram_count(rate(mill_waits_seconds[5m])) and on (till) (histogram_avg(rate(mill_waits_seconds{floor="one"}[5m])) > 0.2)',
  'max_over_time(histogram_avg(rate(mill_waits_seconds{till="left"}[2m]))[10m:1m])',
  'topk(2, histogram_sum(rate(mill_waits_seconds[5m])))',
  // Both kinds of buckets.
  'histogram_quantile(0.9, sum by (le) (rate(mill_loads_seconds_bucket[5m])))',
  'histogram_quantile(0.9, sum by (le, till) (rate(mill_loads_seconds_bucket{floor="two"}[5m])))',
  'histogram_quantile(0.9, sum by (till) (rate(mill_loads_seconds[5m])))',
  'sum(rate(mill_loads_seconds_bucket{le="2.0"}[5m])) / sum(rate(mill_loads_seconds_count[5m]))',
  'sum by (till) (rate(mill_loads_seconds_sum[5m])) / sum by (till) (rate(mill_loads_seconds_count[5m]))',
  'histogram_count(sum(rate(mill_loads_seconds[5m]))) - sum(rate(mill_loads_seconds_count[5m]))',
  'histogram_sum(sum by (floor) (rate(mill_loads_seconds[5m]))) or sum by (floor) (rate(mill_loads_seconds_sum[5m]))',
  // Summaries.
  'mill_turns_seconds{quantile="0.9"}',
  'max by (till) (mill_turns_seconds{quantile="0.99"}) > 0.4',
  'avg without (floor) (mill_turns_seconds{quantile=~"0.5|0.9"})',
  'mill_turns_seconds{quantile="0.99", till="left"} / ignoring (quantile) mill_turns_seconds{quantile="0.5", till="left"}',
  'mill_turns_seconds{quantile="0.9"} - on (till, floor) mill_turns_seconds{quantile="0.5"}',
  'rate(mill_turns_seconds_sum[5m]) / rate(mill_turns_seconds_count[5m])',
  'sum by (floor) (rate(mill_turns_seconds_count{till="left"}[5m]))',
  'sum(increase(mill_turns_seconds_sum[10m])) by (till)',
  'max_over_time(mill_turns_seconds{quantile="0.9"}[5m])',
  'avg_over_time(mill_turns_seconds{quantile="0.5", floor!="three"}[5m])',
  'count by (quantile) (mill_turns_seconds)',
  'mill_turns_seconds',
  'sum(mill_turns_seconds_count)',
  // Constant labels.
  'sum by (plant) (rate(mill_sacks_total[5m]))',
  'sum(rate(mill_sacks_total{plant="north"}[5m]))',
  'sum(rate(mill_sacks_total{plant="south"}[5m]))',
  'sum(rate(mill_sacks_total{plant!=""}[5m]))',
  'sum(rate(mill_sacks_total{plant=~".+", till="left"}[5m]))',
  'sum by (till) (increase(mill_sacks_total{plant=~"north|south"}[10m]))',
  'rate(mill_sacks_total[5m])',
  'sum without (plant) (rate(mill_sacks_total[5m]))',
  'max without (plant, instance) (mill_sacks_total)',
  'rate(mill_sacks_total[5m]) / on (plant, till, floor) histogram_count(rate(mill_grinds_seconds[5m]))',
  'rate(mill_sacks_total[5m]) / on (till, floor) histogram_count(rate(mill_grinds_seconds[5m]))',
  'rate(mill_sacks_total[5m]) / histogram_count(rate(mill_grinds_seconds[5m]))',
  'histogram_quantile(0.9, sum by (plant) (rate(mill_grinds_seconds[5m])))',
  'histogram_quantile(0.9, sum by (till) (rate(mill_grinds_seconds{plant="north"}[5m])))',
  'label_replace(sum by (plant) (mill_sacks_total), "where", "$1", "plant", "(.*)")',
  'count(mill_sacks_total{plant="north", floor="one"})',
  'absent(mill_sacks_total{plant="north"})',
  'topk by (plant) (2, rate(mill_sacks_total[5m]))',
];
