/** Which points make one series. */
import { from, gauge, number, sum } from '../requests.ts';
import type { Traffic } from './traffic.ts';

const delta = { temporality: 'delta' } as const;

export const identity: Readonly<Record<string, Traffic>> = {
  'identity: two resources that become one series, the newer value': (p) => [
    from({ 'service.name': p, host: 'a' }, [gauge(`${p}.g`, [number(5, 1)]), sum(`${p}.c`, [number(5, 1, { start: 0 })], delta)]),
    from({ 'service.name': p, host: 'b' }, [gauge(`${p}.g`, [number(4, 2)]), sum(`${p}.c`, [number(6, 2, { start: 5 })], delta)]),
    from({ 'service.name': p, host: 'b' }, [gauge(`${p}.g`, [number(6, 3)])]),
  ],
  'identity: service.namespace, other resource attributes': (p, me) => [
    from({ ...me, 'service.namespace': 'shop', host: 'h1', 'a.b': true, n: 5n, f: 1.5, list: ['a', 1n] }, [
      gauge(`${p}.g`, [number(1, 1)]),
    ]),
  ],
  'identity: attributes in another order': (p, me) => [
    from(me, [sum(`${p}.c`, [number(2, 2, { start: 1, attributes: { a: '1', b: '2' } })], delta)]),
    from(me, [sum(`${p}.c`, [number(3, 5, { start: 2, attributes: { b: '2', a: '1' } })], delta)]),
  ],
  'identity: a resource without service.name': (p) => [from({ host: p }, [gauge(`${p}.g`, [number(1, 1)])])],
  'identity: a resource without service.instance.id': (p) => [
    from({ 'service.name': p, host: 'x' }, [gauge(`${p}.g`, [number(1, 1)])]),
  ],
  'identity: no resource, no scope': (p) => [
    { resourceMetrics: [{ scopeMetrics: [{ metrics: [gauge(`${p}.g`, [number(1, 1)])] }] }] },
  ],
  'identity: values of all types': (p, me) => [
    from(me, [
      gauge(`${p}.g`, [
        number(1, 1, {
          attributes: {
            text: 'a"b\\c\nd',
            yes: true,
            whole: -5n,
            big: 9_007_199_254_740_993n,
            double: 1.5,
            wholeDouble: 3,
            tiny: 1e-7,
            huge: 1e21,
            nan: Number.NaN,
            infinite: Number.POSITIVE_INFINITY,
            list: ['a', true, 1n, 0.5, null],
            map: { z: 1n, a: ['x', { b: 'c' }], e: 1e21 },
            bytes: Uint8Array.of(1, 2, 255),
            nothing: null,
            empty: '',
            html: '<a&b>',
            unicode: 'äß日本𝒳\u2028',
            htmlList: ['<a&b>', '\u2028', '\u2029', '\u0001', '\b\f\n\r\t\u007f\ufffd'],
          },
        }),
      ]),
    ]),
  ],
};
