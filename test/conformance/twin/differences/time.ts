/** Points that are older, overlap, leave a gap or come from two writers. */
import { buckets, exponential, exponentialHistogram, from, gauge, histogram, number, sum } from '../requests.ts';
import type { Difference } from './difference.ts';

const delta = { temporality: 'delta' } as const;
const gapBounds = (start: number) => ({ bounds: [1], start });

export const timeDifferences: readonly Difference[] = [
  {
    heading: 'Overlapping deltas',
    norm: 'we assume a violation of the single-writer principle',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [sum(`${p}.c`, [number(5, 1, { start: 0 })], delta)]),
      from(me, [sum(`${p}.c`, [number(6, 2, { start: 4 })], delta)]),
    ],
    outcomes: [{ collector: ['c_total{instance="me",job="svc"} 2'], service: ['c_total{instance="me",job="svc"} 1'] }],
    says: /deltas of c_total from job "svc", instance "me" overlap those that were added up, and are not added/,
  },
  {
    heading: 'Gaps between deltas',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [
        sum(`${p}.c`, [number(1, 1, { start: 0 })], delta),
        histogram(`${p}.h`, [buckets(1, [1, 1], gapBounds(0))], delta),
      ]),
      from(me, [
        sum(`${p}.c`, [number(3, 2, { start: 2 })], delta),
        histogram(`${p}.h`, [buckets(3, [1, 0], gapBounds(2))], delta),
      ]),
      from(me, [sum(`${p}.c`, [number(4, 4, { start: 3 })], delta)]),
    ],
    outcomes: [
      {
        collector: [
          'c_total{instance="me",job="svc"} 6',
          'h_bucket{instance="me",job="svc",le="1"} 1',
          'h_bucket{instance="me",job="svc",le="Infinity"} 1',
          'h_count{instance="me",job="svc"} 1',
        ],
        service: [
          'c_total{instance="me",job="svc"} 7',
          'h_bucket{instance="me",job="svc",le="1"} 2',
          'h_bucket{instance="me",job="svc",le="Infinity"} 3',
          'h_count{instance="me",job="svc"} 3',
        ],
      },
    ],
  },
  {
    heading: 'Gaps between deltas',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [exponentialHistogram(`${p}.e`, [exponential(1, 0, [1, 1], { sum: 3, start: 0 })], delta)]),
      from(me, [exponentialHistogram(`${p}.e`, [exponential(3, 0, [1], { sum: 3, start: 2 })], delta)]),
    ],
    outcomes: [
      {
        collector: [
          'e_bucket{instance="me",job="svc",le="Infinity"} 1',
          'e_count{instance="me",job="svc"} 1',
          'e_sum{instance="me",job="svc"} 3',
        ],
        service: [
          'e_bucket{instance="me",job="svc",le="Infinity"} 3',
          'e_count{instance="me",job="svc"} 3',
          'e_sum{instance="me",job="svc"} 6',
        ],
      },
    ],
  },
  {
    heading: 'Deltas that are sent again',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [sum(`${p}.c`, [number(5, 1, { start: 4 }), number(6, 2, { start: 5 })], delta)]),
      from(me, [sum(`${p}.c`, [number(6, 2, { start: 5 })], delta)]),
    ],
    outcomes: [{ collector: ['c_total{instance="me",job="svc"} 2'], service: ['c_total{instance="me",job="svc"} 3'] }],
  },
  {
    heading: 'Deltas without a start',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [sum(`${p}.c`, [number(1, 1)], delta), histogram(`${p}.h`, [buckets(1, [1, 1], { bounds: [1] })], delta)]),
      from(me, [sum(`${p}.c`, [number(2, 2)], delta), histogram(`${p}.h`, [buckets(2, [1, 0], { bounds: [1] })], delta)]),
    ],
    outcomes: [
      {
        collector: [
          'c_total{instance="me",job="svc"} 2',
          'h_bucket{instance="me",job="svc",le="1"} 1',
          'h_bucket{instance="me",job="svc",le="Infinity"} 2',
          'h_count{instance="me",job="svc"} 2',
        ],
        service: [
          'c_total{instance="me",job="svc"} 3',
          'h_bucket{instance="me",job="svc",le="1"} 2',
          'h_bucket{instance="me",job="svc",le="Infinity"} 3',
          'h_count{instance="me",job="svc"} 3',
        ],
      },
    ],
  },
  {
    heading: 'Deltas without a start',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [exponentialHistogram(`${p}.e`, [exponential(1, 0, [1, 1])], delta)]),
      from(me, [exponentialHistogram(`${p}.e`, [exponential(2, 0, [1])], delta)]),
    ],
    outcomes: [
      {
        collector: ['e_bucket{instance="me",job="svc",le="Infinity"} 2', 'e_count{instance="me",job="svc"} 2'],
        service: ['e_bucket{instance="me",job="svc",le="Infinity"} 3', 'e_count{instance="me",job="svc"} 3'],
      },
    ],
  },
  {
    heading: 'Deltas that are whole numbers now and doubles then',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [sum(`${p}.c`, [number(1, 1.5, { start: 0 })], delta)]),
      from(me, [sum(`${p}.c`, [number(2, 2n, { start: 1 })], delta)]),
    ],
    outcomes: [{ collector: ['c_total{instance="me",job="svc"} 2'], service: ['c_total{instance="me",job="svc"} 3.5'] }],
  },
  {
    heading: 'Two writers of one stream',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [sum(`${p}.c`, [number(5, 10, { start: 3 })])]),
      from(me, [sum(`${p}.c`, [number(8, 2, { start: 1 })])]),
    ],
    outcomes: [{ collector: [], service: [] }],
    says: /two writers send one series of c_total from job "svc", instance "me"/,
  },
  {
    heading: 'A series without a recorded value',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [
        gauge(`${p}.g`, [number(1, undefined, { flags: 1, attributes: { k: 'a' } }), number(1, 2, { attributes: { k: 'b' } })]),
      ]),
      from(me, [gauge(`${p}.h`, [number(1, 1)])]),
    ],
    outcomes: [{ collector: [], service: ['# HELP g ""', '# TYPE g gauge', 'g{instance="me",job="svc",k="b"} 2'] }],
  },
  {
    heading: 'Points without a time',
    norm: 'ours',
    page: 'adorned text',
    traffic: (p, me) => [from(me, [gauge(`${p}.g`, [{ asDouble: 1 }])])],
    outcomes: [
      {
        collector: ['acme_g{cell_id="c1",instance="me",job="svc",region="eu"} 1 @0'],
        service: ['acme_g{cell_id="c1",instance="me",job="svc",region="eu"} 1'],
      },
    ],
  },
];
