/** What points of all types are shown as. */
import {
  buckets,
  exemplar,
  exponential,
  exponentialHistogram,
  from,
  gauge,
  histogram,
  number,
  quantiles,
  sum,
  summary,
} from '../requests.ts';
import type { Traffic } from './traffic.ts';

const traceId = '0102030405060708090a0b0c0d0e0f10';
const spanId = '1112131415161718';
const delta = { temporality: 'delta' } as const;

export const values: Readonly<Record<string, Traffic>> = {
  'exemplars: one id': (p, me) => [
    from(me, [
      sum(`${p}.t_total`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { traceId })] })]),
      sum(`${p}.s_total`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { spanId })] })]),
      sum(`${p}.zt_total`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { traceId, spanId: '0'.repeat(16) })] })]),
      histogram(`${p}.h`, [buckets(1, [1, 2, 3], { exemplars: [exemplar(0.5, 11, { traceId })] })]),
    ]),
  ],
  'every type': (p, me) => [
    from(
      me,
      [
        gauge(`${p}.temp`, [number(1, 21.5, { attributes: { room: 'a' } }), number(1, 5n, { attributes: { room: 'b' } })], {
          unit: 'Cel',
          description: 'Of rooms.',
        }),
        sum(`${p}.jobs`, [number(1, 7n, { start: 0 })], { unit: 'By', description: 'Done\nand "said" \\.' }),
        sum(`${p}.queue`, [number(1, -3n)], { monotonic: false, unit: '1' }),
        histogram(`${p}.time`, [buckets(1, [1, 2, 3], { sum: 42.5, start: 0 })], { unit: 's' }),
        exponentialHistogram(`${p}.size`, [exponential(1, 0, [1, 2], { sum: 4.5 })], { unit: 'KiBy' }),
        summary(`${p}.wait`, [
          quantiles(1, 3, 4.5, [
            [0, 1],
            [0.5, 1.5],
            [0.99, Number.NaN],
            [1, 2],
          ]),
        ]),
      ],
      { name: 'lib', version: '1.2', schemaUrl: 'https://x/1', attributes: { team: 'a', 'x.y': 5n } },
    ),
  ],
  'a histogram without buckets, without bounds': (p, me) => [
    from(me, [histogram(`${p}.h`, [{ timeUnixNano: '1795357530000000000', count: '3', sum: 5 }])]),
    from(me, [histogram(`${p}.one`, [buckets(1, [4], { bounds: [], sum: 2 })])]),
    from(me, [histogram(`${p}.inf`, [buckets(1, [1, 2, 0], { bounds: [1, Number.POSITIVE_INFINITY], sum: 2 })])]),
  ],
  'exponential histogram': (p, me) => [
    from(me, [exponentialHistogram(`${p}.e`, [exponential(1, -2, [1, 2, 3], { sum: 5, start: 0 })])]),
    from(me, [exponentialHistogram(`${p}.e`, [exponential(2, 5, [1, 2, 3, 4], { sum: 50, start: 0 })])]),
    from(me, [exponentialHistogram(`${p}.d`, [exponential(1, 5, [1, 2], { sum: 50, start: 0 })], delta)]),
    from(me, [exponentialHistogram(`${p}.d`, [exponential(2, 5, [1, 2], { sum: 50, start: 1 })], delta)]),
    from(me, [exponentialHistogram(`${p}.twice`, [exponential(5, 5, [1, 2], { sum: 50, start: 0 })], delta)]),
    from(me, [exponentialHistogram(`${p}.twice`, [exponential(6, 5, [1], { sum: 20, start: 4 })], delta)]),
  ],
  'summary: other quantiles, none, out of order': (p, me) => [
    from(me, [summary(`${p}.s`, [quantiles(1, 1, 2, [[0.5, 1]])])]),
    from(me, [
      summary(`${p}.s`, [
        quantiles(2, 2, 3, [
          [0.9, 2],
          [0.1, 1],
        ]),
      ]),
    ]),
    from(me, [summary(`${p}.n`, [quantiles(1, 2, 3, [])])]),
  ],
  exemplars: (p, me) => [
    from(me, [
      sum(`${p}.c_total`, [
        number(1, 7, {
          start: 0,
          exemplars: [
            exemplar(0.5, 1.5, { traceId, spanId, filteredAttributes: { user: 'u1' } }),
            exemplar(0.75, 2n, { traceId, spanId }),
          ],
        }),
      ]),
      histogram(`${p}.h`, [
        buckets(1, [1, 2, 3], {
          sum: 30,
          exemplars: [
            exemplar(0.5, 0.5, { traceId, spanId }),
            exemplar(0.25, 5, { traceId, spanId }),
            exemplar(0.75, 6, { traceId, spanId }),
            exemplar(0.5, 100, { traceId, spanId }),
          ],
        }),
      ]),
      gauge(`${p}.g`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { traceId, spanId })] })]),
      sum(`${p}.u`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { traceId, spanId })] })], { monotonic: false }),
    ]),
  ],
  'NoRecordedValue: the series goes, and comes again': (p, me) => [
    from(me, [gauge(`${p}.g`, [number(1, 1)]), sum(`${p}.c`, [number(1, 1)]), histogram(`${p}.h`, [buckets(1, [1, 2, 3])])]),
    from(me, [
      gauge(`${p}.g`, [number(2, undefined, { flags: 1 })]),
      sum(`${p}.c`, [number(2, 0, { flags: 1 })]),
      histogram(`${p}.h`, [{ ...number(2, undefined, { flags: 1 }) }]),
    ]),
    from(me, [sum(`${p}.c`, [number(3, 5)])]),
    from(me, [summary(`${p}.s`, [quantiles(1, 1, 2, [[0.5, 1]])])]),
    from(me, [summary(`${p}.s`, [quantiles(2, 0, 0, [], { flags: 1 })])]),
  ],
  'NoRecordedValue of a series that was never there': (p, me) => [
    from(me, [gauge(`${p}.g`, [number(2, undefined, { flags: 1 })])]),
    from(me, [gauge(`${p}.h`, [number(2, 2)])]),
  ],
  'NaN and infinities': (p, me) => [
    from(me, [
      gauge(`${p}.g`, [
        number(1, Number.NaN, { attributes: { k: 'n' } }),
        number(1, Number.POSITIVE_INFINITY, { attributes: { k: 'p' } }),
        number(1, Number.NEGATIVE_INFINITY, { attributes: { k: 'm' } }),
        number(1, -0, { attributes: { k: 'z' } }),
        number(1, 9_007_199_254_740_993n, { attributes: { k: 'big' } }),
        number(1, 5e-324, { attributes: { k: 'small' } }),
      ]),
      sum(`${p}.c`, [number(1, Number.POSITIVE_INFINITY)]),
      sum(`${p}.u`, [number(1, Number.NaN)], { monotonic: false }),
      histogram(`${p}.hi`, [buckets(1, [1, 1, 1], { sum: Number.POSITIVE_INFINITY })]),
    ]),
  ],
  'a summary and a gauge of the same points': (p, me) => [
    from(me, [
      summary(`${p}.s`, [quantiles(1, 3, 4, [[0.5, 1]], { attributes: { a: 'b' } })]),
      gauge(`${p}.t`, [number(1, 1, { attributes: { a: 'b' } })]),
    ]),
  ],
};
