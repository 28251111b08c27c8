/** What is refused, or not shown, for what it says of itself. */
import { buckets, exponential, exponentialHistogram, from, gauge, histogram, number } from '../requests.ts';
import type { Difference } from './difference.ts';

const unspecified = { temporality: 'unspecified' } as const;

export const requestDifferences: readonly Difference[] = [
  {
    heading: 'Temporality unspecified',
    norm: 'UNSPECIFIED is the default AggregationTemporality, it MUST not be used.',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 3], { sum: 5 })], unspecified)]),
      from(me, [histogram(`${p}.h`, [buckets(2, [1, 2, 4], { sum: 5 })], unspecified)]),
      from(me, [gauge(`${p}.g`, [number(1, 1)])]),
      from(me, [exponentialHistogram(`${p}.e`, [exponential(1, 0, [1, 2], { sum: 5 })], unspecified)]),
    ],
    outcomes: [
      {
        collector: [
          '# HELP e ""',
          '# HELP h ""',
          '# TYPE e histogram',
          '# TYPE h histogram',
          'e_bucket{instance="me",job="svc",le="Infinity"} 3',
          'e_count{instance="me",job="svc"} 3',
          'e_sum{instance="me",job="svc"} 5',
          'h_bucket{instance="me",job="svc",le="1"} 1',
          'h_bucket{instance="me",job="svc",le="10"} 3',
          'h_bucket{instance="me",job="svc",le="Infinity"} 6',
          'h_count{instance="me",job="svc"} 6',
          'h_sum{instance="me",job="svc"} 5',
        ],
        service: [],
      },
    ],
  },
  {
    heading: 'Points that are wrong in themselves',
    norm: 'the server MUST initialize the `partial_success` field',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [gauge(`${p}.g`, [number(1, 1)])]),
      from(me, [histogram(`${p}.few`, [buckets(1, [1, 2])])]),
      from(me, [histogram(`${p}.down`, [buckets(1, [1, 2, 3], { bounds: [10, 1] })])]),
    ],
    outcomes: [
      {
        collector: [
          '# HELP down ""',
          '# HELP few ""',
          '# TYPE down histogram',
          '# TYPE few histogram',
          'down_bucket{instance="me",job="svc",le="1"} 2',
          'down_bucket{instance="me",job="svc",le="10"} 3',
          'down_bucket{instance="me",job="svc",le="Infinity"} 6',
          'down_count{instance="me",job="svc"} 6',
          'down_sum{instance="me",job="svc"} 0',
          'few_bucket{instance="me",job="svc",le="1"} 1',
          'few_bucket{instance="me",job="svc",le="10"} 3',
          'few_bucket{instance="me",job="svc",le="Infinity"} 3',
          'few_count{instance="me",job="svc"} 3',
          'few_sum{instance="me",job="svc"} 0',
        ],
        service: [],
      },
    ],
  },
  {
    heading: 'A point without a value',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [from(me, [gauge(`${p}.g`, [number(1, undefined, { attributes: { k: 'v' } }), number(1, 1)])])],
    outcomes: [{ collector: ['g{instance="me",job="svc",k="v"} 0'], service: [] }],
  },
  {
    heading: 'Limits',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [
        gauge(`${p}.g`, [
          number(1, 1),
          number(1, 2, {
            attributes: Object.fromEntries(Array.from({ length: 129 }, (_, at) => [`k${at}`, at === 0 ? 'v' : ''])),
          }),
        ]),
      ]),
    ],
    outcomes: [{ collector: ['g{instance="me",job="svc",k0="v"} 2'], service: [] }],
  },
];
