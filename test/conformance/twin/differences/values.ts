/** Values that OpenMetrics has no place for, and exemplars. */

import { notAnExposition } from '../page.ts';
import { buckets, exemplar, exponential, exponentialHistogram, from, gauge, histogram, number, sum } from '../requests.ts';
import type { Difference } from './difference.ts';

const ids = { traceId: '0102030405060708090a0b0c0d0e0f10', spanId: '1112131415161718' };
const shownIds = '{span_id="1112131415161718",trace_id="0102030405060708090a0b0c0d0e0f10"}';
const delta = { temporality: 'delta' } as const;

export const valueDifferences: readonly Difference[] = [
  {
    heading: 'Counters that are NaN or negative',
    norm: 'A Total is a non-NaN and MUST be monotonically non-decreasing over time, starting from 0.',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [
        sum(`${p}.c`, [
          number(1, Number.NaN, { attributes: { k: 'a' } }),
          number(1, -1, { attributes: { k: 'b' } }),
          number(1, 1, { attributes: { k: 'c' } }),
        ]),
      ]),
    ],
    outcomes: [
      { collector: ['c_total{instance="me",job="svc",k="a"} NaN', 'c_total{instance="me",job="svc",k="b"} -1'], service: [] },
    ],
  },
  {
    heading: 'Histograms with negative bounds',
    norm: 'the Histogram MetricPoint MUST NOT contain a sum value',
    page: 'plain openmetrics',
    traffic: (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 0], { bounds: [-1, 0], sum: -2 })])])],
    outcomes: [
      { collector: [notAnExposition, 'h_count{instance="me",job="svc"} 3', 'h_sum{instance="me",job="svc"} -2'], service: [] },
    ],
  },
  ...(['plain text', 'plain openmetrics'] as const).map(
    (page): Difference => ({
      heading: 'Histograms without a sum',
      norm: 'ours',
      page,
      traffic: (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 0], { sum: 'none' })])])],
      outcomes: [
        page === 'plain text'
          ? { collector: ['h_sum{instance="me",job="svc"} 0'], service: [] }
          : { collector: ['h_count{instance="me",job="svc"} 3', 'h_sum{instance="me",job="svc"} 0'], service: [] },
      ],
    }),
  ),
  {
    heading: 'Histograms without a sum',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [exponentialHistogram(`${p}.e`, [exponential(1, 0, [1, 2], { sum: 'none' })]), gauge(`${p}.g`, [number(1, 1)])]),
    ],
    says: /points of the exponential histogram e from .* have no sum/,
    outcomes: [
      {
        collector: [
          '# HELP e ""',
          '# TYPE e histogram',
          'e_bucket{instance="me",job="svc",le="Infinity"} 3',
          'e_count{instance="me",job="svc"} 3',
          'e_sum{instance="me",job="svc"} 0',
        ],
        service: [],
      },
    ],
  },
  {
    heading: 'Exemplars',
    norm: 'ours',
    page: 'plain openmetrics',
    traffic: (p, me) => [
      from(me, [sum(`${p}.c`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, ids)] })])]),
      from(me, [sum(`${p}.c`, [number(2, 8)])]),
      from(me, [
        histogram(`${p}.h`, [buckets(1, [1, 2], { bounds: [1], start: 0, exemplars: [exemplar(0.5, 0.5, ids)] })], delta),
      ]),
      from(me, [
        histogram(`${p}.h`, [buckets(2, [1, 2], { bounds: [1], start: 1, exemplars: [exemplar(1.5, 2.5, ids)] })], delta),
      ]),
    ],
    outcomes: [
      {
        collector: [
          'c_total{instance="me",job="svc"} 8',
          'h_bucket{instance="me",job="svc",le="1"} 2',
          'h_bucket{instance="me",job="svc",le="Infinity"} 6',
        ],
        service: [
          `c_total{instance="me",job="svc"} 8 # ${shownIds} 1.5 @1795357530.5`,
          `h_bucket{instance="me",job="svc",le="1"} 2 # ${shownIds} 0.5 @1795357530.5`,
          `h_bucket{instance="me",job="svc",le="Infinity"} 6 # ${shownIds} 2.5 @1795357531.5`,
        ],
      },
    ],
  },
  {
    heading: 'Exemplars',
    norm: '`filtered_attributes` MUST be added as labels on the Prometheus exemplar',
    page: 'plain openmetrics',
    traffic: (p, me) => [
      from(me, [
        sum(`${p}.c`, [
          number(1, 7, { exemplars: [exemplar(0.5, 1.5, { ...ids, filteredAttributes: { 'user.name': 'bob', n: 7n } })] }),
        ]),
        sum(`${p}.d`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { filteredAttributes: { a: 'b' } })] })]),
        sum(`${p}.e`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5)] })]),
      ]),
    ],
    outcomes: [
      {
        collector: [
          `c_total{instance="me",job="svc"} 7 # ${shownIds} 1.5 @1795357530.5`,
          'd_total{instance="me",job="svc"} 7',
          'e_total{instance="me",job="svc"} 7',
        ],
        service: [
          `c_total{instance="me",job="svc"} 7 # ${shownIds.replace('{', '{n="7",').replace('}', ',user_name="bob"}')} 1.5 @1795357530.5`,
          'd_total{instance="me",job="svc"} 7 # {a="b"} 1.5 @1795357530.5',
          'e_total{instance="me",job="svc"} 7 #  1.5 @1795357530.5',
        ],
      },
    ],
  },
  {
    heading: 'Exemplars',
    norm: 'ours',
    page: 'bare openmetrics',
    traffic: (p, me) => [from(me, [sum(`${p}.c`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, ids)] })])])],
    outcomes: [
      {
        collector: [
          notAnExposition,
          `c{instance="me",job="svc",service_instance_id="me",service_name="svc"} 7 # ${shownIds} 1.5 @1795357530.5`,
        ],
        service: ['c{instance="me",job="svc",service_instance_id="me",service_name="svc"} 7'],
      },
    ],
  },
  {
    heading: 'Points without a time',
    norm: 'ours',
    page: 'plain openmetrics',
    traffic: (p, me) => [from(me, [sum(`${p}.c`, [number(1, 7, { exemplars: [{ asDouble: 1, ...ids }] })])])],
    outcomes: [
      {
        collector: [`c_total{instance="me",job="svc"} 7 # ${shownIds} 1 @0`],
        service: [`c_total{instance="me",job="svc"} 7 # ${shownIds} 1`],
      },
    ],
  },
];
