/** What is older, newer, added or begun anew. */
import { buckets, from, gauge, histogram, number, quantiles, sum, summary } from '../requests.ts';
import type { Traffic } from './traffic.ts';

const delta = { temporality: 'delta' } as const;

export const time: Readonly<Record<string, Traffic>> = {
  'time: older is ignored, equal is taken': (p, me) => [
    from(me, [gauge(`${p}.g`, [number(5, 1)]), sum(`${p}.c`, [number(5, 1, { start: 0 })])]),
    from(me, [gauge(`${p}.g`, [number(4, 2)]), sum(`${p}.c`, [number(4, 2, { start: 0 })])]),
    from(me, [
      gauge(`${p}.same`, [number(5, 1), number(5, 2)]),
      sum(`${p}.samec`, [number(5, 1, { start: 0 }), number(5, 3, { start: 0 })]),
    ]),
    from(me, [histogram(`${p}.h`, [buckets(5, [1, 1, 1], { sum: 1, start: 0 }), buckets(4, [2, 2, 2], { sum: 2, start: 0 })])]),
    from(me, [
      summary(`${p}.s`, [quantiles(5, 1, 1, [[0.5, 1]]), quantiles(4, 2, 2, [[0.5, 2]]), quantiles(5, 3, 3, [[0.5, 3]])]),
    ]),
  ],
  'cumulative with a new start': (p, me) => [
    from(me, [sum(`${p}.c`, [number(5, 10, { start: 1 })]), histogram(`${p}.h`, [buckets(5, [1, 2, 3], { sum: 9, start: 1 })])]),
    from(me, [sum(`${p}.c`, [number(8, 2, { start: 6 })]), histogram(`${p}.h`, [buckets(8, [0, 1, 0], { sum: 2, start: 6 })])]),
  ],
  'cumulative with an older start and a later time': (p, me) => [
    from(me, [sum(`${p}.c`, [number(5, 10, { start: 3 })])]),
    from(me, [sum(`${p}.c`, [number(8, 2, { start: 1 })])]),
  ],
  'temporality unspecified: sums': (p, me) => [
    from(me, [sum(`${p}.c`, [number(1, 1)], { temporality: 'unspecified' }), gauge(`${p}.g`, [number(1, 1)])]),
    from(me, [sum(`${p}.u`, [number(1, 1)], { temporality: 'unspecified', monotonic: false })]),
  ],
  'delta, monotonic: aligned': (p, me) => [
    from(me, [sum(`${p}.c`, [number(1, 1, { start: 0 }), number(2, 2, { start: 1 }), number(3, 4, { start: 2 })], delta)]),
    from(me, [sum(`${p}.c`, [number(4, 8, { start: 3 })], delta)]),
    from(me, [sum(`${p}.i`, [number(1, 1n, { start: 0 })], delta)]),
    from(me, [sum(`${p}.i`, [number(2, 2n, { start: 1 })], delta)]),
  ],
  'delta, monotonic: older': (p, me) => [
    from(me, [sum(`${p}.c`, [number(5, 1, { start: 4 })], delta)]),
    from(me, [sum(`${p}.c`, [number(4, 2, { start: 3 })], delta)]),
  ],
  'delta, monotonic: equal time': (p, me) => [
    from(me, [sum(`${p}.c`, [number(5, 1, { start: 4 })], delta)]),
    from(me, [sum(`${p}.c`, [number(5, 2, { start: 5 })], delta)]),
  ],
  'delta histogram: aligned, other bounds, earlier': (p, me) => [
    from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 3], { sum: 6, start: 0 })], delta)]),
    from(me, [histogram(`${p}.h`, [buckets(2, [1, 1, 1], { sum: 3, start: 1 })], delta)]),
    from(me, [histogram(`${p}.b`, [buckets(1, [1, 2, 3], { sum: 6, start: 0 })], delta)]),
    from(me, [histogram(`${p}.b`, [buckets(2, [1, 1, 1], { sum: 3, start: 1, bounds: [1, 20] })], delta)]),
    from(me, [histogram(`${p}.b`, [buckets(3, [1, 1, 1], { sum: 3, start: 2, bounds: [1, 20] })], delta)]),
    from(me, [histogram(`${p}.early`, [buckets(5, [1, 2, 3], { sum: 6, start: 4 })], delta)]),
    from(me, [histogram(`${p}.early`, [buckets(6, [1, 1, 1], { sum: 3, start: 4.5 })], delta)]),
    from(me, [histogram(`${p}.early`, [buckets(4, [1, 1, 1], { sum: 3, start: 3 })], delta)]),
  ],
  'delta, not monotonic': (p, me) => [
    from(me, [sum(`${p}.u`, [number(1, 1, { start: 0 })], { ...delta, monotonic: false }), gauge(`${p}.g`, [number(1, 1)])]),
  ],
  'bounds change': (p, me) => [
    from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 3], { sum: 6 })])]),
    from(me, [histogram(`${p}.h`, [buckets(2, [1, 2, 3, 4], { sum: 6, bounds: [1, 5, 10] })])]),
    from(me, [histogram(`${p}.h`, [buckets(2, [1, 2], { sum: 6, bounds: [0.5], attributes: { k: 'v' } })])]),
  ],
};
