/** Names, labels and metadata. */
import { buckets, from, gauge, histogram, number, quantiles, sum, summary } from '../requests.ts';
import type { Traffic } from './traffic.ts';

/** Not for names that are UTF-8: `differences/utf8.ts` has what becomes of these there. */
export const ofEscapedNames = 'label names that only escaping makes legal';

export const names: Readonly<Record<string, Traffic>> = {
  'a metric that is called target_info': (p, me) => [
    from(me, [gauge(`${p}.g`, [number(1, 2)]), gauge('target_info', [number(1, 2, { attributes: { k: 'v' } })])]),
  ],
  'one HELP for a metric of two senders': (p, me) => [
    from(me, [gauge(`${p}.g`, [number(1, 1)], { description: 'same' })]),
    from({ ...me, 'service.instance.id': `${p}-2` }, [gauge(`${p}.g`, [number(1, 2)], { description: 'same' })]),
  ],
  'names and units': (p, me) => [
    from(
      me,
      [
        ['a..b', 's', 'g'],
        ['rate', 'By/s', 'g'],
        ['per', 'm/{x}', 'g'],
        ['note', '{run}', 'g'],
        ['noted', 'By{x}', 'g'],
        ['usd', 'USD', 'c'],
        ['x_total_total', '', 'c'],
        ['total', '', 'c'],
        ['ratio', '1', 'g'],
        ['ratio_of_x', '1', 'g'],
        ['c1', '1', 'c'],
        ['u1', '1', 'u'],
        ['bytes_in_bytes', 'By', 'g'],
        ['seconds_total', 's', 'c'],
        ['tail_', '', 'g'],
        ['col:on', '', 'g'],
        ['ünï', '', 'g'],
        ['mi', 'MiBy', 'c'],
        ['per.min', '/min', 'g'],
        ['percent', '%', 'g'],
        ['weird', 'a b/c d', 'g'],
        ['milli', 'ms', 'h'],
      ].map(([name, unit = '', type]) => {
        const full = `${p}.${name}`;
        if (type === 'g') return gauge(full, [number(1, 1)], { unit });
        if (type === 'h') return histogram(full, [buckets(1, [1, 1, 1])], { unit });
        return sum(full, [number(1, 1)], { unit, monotonic: type === 'c' });
      }),
    ),
  ],
  'label names': (p, me) => [
    from(me, [
      gauge(`${p}.g`, [
        number(1, 1, {
          attributes: {
            'a..b': '1',
            'x é y': '3',
            'x-y z': '4',
            _u: '5',
            A: '8',
            b_: '9',
            'c.': '10',
            d__e: '11',
          },
        }),
      ]),
    ]),
  ],
  [ofEscapedNames]: (p, me) => [
    from(me, [gauge(`${p}.g`, [number(1, 1, { attributes: { '9lives': '2', __uu: '6', 'col:on': '7' } })])]),
  ],
  'job and instance as attributes where the resource has none': (p) => [
    from({ host: 'h' }, [gauge(`${p}.g`, [number(1, 1, { attributes: { job: 'j', instance: 'i' } })])]),
  ],
  'le and quantile where they mean nothing': (p, me) => [
    from(me, [
      gauge(`${p}.g`, [number(1, 1, { attributes: { le: '1', quantile: '2' } })]),
      histogram(`${p}.h`, [buckets(1, [1, 1, 1], { attributes: { quantile: '2' } })]),
      summary(`${p}.s`, [quantiles(1, 1, 1, [[0.5, 1]], { attributes: { le: '2' } })]),
    ]),
  ],
  'metrics without points, scopes without metrics': (p, me) => [
    from(me, [gauge(`${p}.g`, []), { name: `${p}.none` }]),
    { resourceMetrics: [{ resource: {} }, {}] },
    from(me, [gauge(`${p}.h`, [number(1, 1)])]),
  ],
};
