/** What two pages of the same values may differ in as text: every parser reads the same. */
import { buckets, gauge, histogram, type Metric, number, sum } from './requests.ts';
import type { Format } from './twin.ts';

export interface SpellingCase {
  readonly heading: string;
  readonly norm: string;
  readonly format: Format;
  readonly metric: (name: string) => Metric;
  /** Lines of the page, without labels but `le`. */
  readonly collector: readonly string[];
  readonly service: readonly string[];
}

const ours = 'ours';
const help = { heading: 'A metric without a description', norm: ours };
const numbers = { heading: 'How numbers are written', norm: ours };
const order = { heading: 'The order of lines', norm: ours };
const described = { description: 'd' };

export const spellingCases: readonly SpellingCase[] = [
  {
    ...help,
    format: 'text',
    metric: (name) => gauge(name, [number(1, 1n)]),
    collector: ['# HELP NAME ', '# TYPE NAME gauge', 'NAME 1'],
    service: ['# TYPE NAME gauge', 'NAME 1'],
  },
  {
    ...help,
    format: 'openmetrics',
    metric: (name) => sum(name, [number(1, 1.5)]),
    collector: ['# HELP NAME ', '# TYPE NAME counter', 'NAME_total 1.5'],
    service: ['# TYPE NAME counter', 'NAME_total 1.5'],
  },
  ...[
    [1_795_424_463n, '1.795424463e+09', '1795424463'],
    [1e20, '1e+20', '100000000000000000000'],
    [1e21, '1e+21', '1e+21'],
    [0.00001, '1e-05', '0.00001'],
    [1e-7, '1e-07', '1e-7'],
  ].map(([value, there, here]) => ({
    ...numbers,
    format: 'text' as const,
    metric: (name: string) => gauge(name, [number(1, value as number | bigint)], described),
    collector: ['# HELP NAME d', '# TYPE NAME gauge', `NAME ${there}`],
    service: ['# HELP NAME d', '# TYPE NAME gauge', `NAME ${here}`],
  })),
  {
    ...numbers,
    format: 'text',
    metric: (name) => histogram(name, [buckets(1, [1, 2], { bounds: [1e6], sum: 2e9 })], described),
    collector: [
      '# HELP NAME d',
      '# TYPE NAME histogram',
      'NAME_bucket{le="1e+06"} 1',
      'NAME_bucket{le="+Inf"} 3',
      'NAME_sum 2e+09',
      'NAME_count 3',
    ],
    service: [
      '# HELP NAME d',
      '# TYPE NAME histogram',
      'NAME_bucket{le="1e+06"} 1',
      'NAME_bucket{le="+Inf"} 3',
      'NAME_sum 2000000000',
      'NAME_count 3',
    ],
  },
  {
    ...order,
    format: 'openmetrics',
    metric: (name) => gauge(name, [number(1, 1n)], described),
    collector: ['# HELP NAME d', '# TYPE NAME gauge', 'NAME 1.0'],
    service: ['# TYPE NAME gauge', '# HELP NAME d', 'NAME 1'],
  },
];

/** For docs/collector-differences.md. */
export const spellingDifferences = spellingCases.map(({ heading, norm }) => ({ heading, norm }));
