/** Where names are UTF-8. */

import { notAnExposition } from '../page.ts';
import { from, gauge, number, sum } from '../requests.ts';
import type { Difference } from './difference.ts';

/** In lines that no parser reads, empty labels stand too. */
const loose = 'instance="me",job="svc",otel_scope_name="",otel_scope_schema_url="",otel_scope_version=""';

export const utf8Differences: readonly Difference[] = [
  {
    heading: 'Names that collide once they are escaped',
    norm: 'names … MUST be unique within a MetricSet.',
    page: 'utf8 text',
    traffic: (p, me) => [
      from(me, [
        gauge(`${p}_a.b`, [number(1, 1, { attributes: { k: '1' } })]),
        gauge(`${p}_a_b`, [number(1, 2, { attributes: { k: '1' } }), number(1, 3, { attributes: { k: '2' } })]),
      ]),
    ],
    outcomes: [{ collector: [notAnExposition, 'a_b{instance="me",job="svc",k="1"} 2'], service: [] }],
    says: /series of a_b are not shown: for scrapers that request escaping=underscores/,
  },
  {
    heading: 'Labels that fall together',
    norm: 'the values MUST be concatenated together, separated by `;`',
    page: 'utf8 text',
    traffic: (p, me) => [from(me, [gauge(`${p}_g`, [number(1, 1, { attributes: { 'a.b': '2', a_b: '1' } })])])],
    outcomes: [
      {
        collector: [notAnExposition, `g{a_b="2",a_b="1",${loose}} 1`],
        service: ['g{a_b="2;1",instance="me",job="svc"} 1'],
      },
    ],
  },
  {
    heading: 'Labels that begin with two underscores',
    norm: 'MUST be reserved for internal Prometheus use',
    page: 'utf8 utf8-text',
    traffic: (p, me) => [from(me, [gauge(`${p}_g`, [number(1, 1, { attributes: { __name__: 'x' } })])])],
    outcomes: [{ collector: [], service: ['# HELP g ""', '# TYPE g gauge', 'g{_name__="x",instance="me",job="svc"} 1'] }],
  },
  {
    heading: 'Labels that begin with two underscores',
    norm: 'MUST be reserved for internal Prometheus use',
    page: 'utf8 text',
    traffic: (p, me) => [from(me, [gauge(`${p}_g`, [number(1, 1, { attributes: { '._name__': 'x' } })])])],
    outcomes: [
      { collector: [notAnExposition, `g{__name__="x",${loose}} 1`], service: ['g{_name__="x",instance="me",job="svc"} 1'] },
    ],
  },
  {
    heading: 'A colon in a label',
    norm: 'ours',
    page: 'utf8 utf8-text',
    traffic: (p, me) => [from(me, [gauge(`${p}_g`, [number(1, 1, { attributes: { 'a:b': 'x' } })])])],
    outcomes: [{ collector: [notAnExposition, `g{a:b="x",${loose}} 1`], service: ['g{a_3a_b="x",instance="me",job="svc"} 1'] }],
  },
  {
    heading: 'Attributes without a legal name',
    norm: 'Discouraged characters SHOULD be replaced with the `_` character.',
    page: 'utf8 utf8-text',
    traffic: (p, me) => [from(me, [gauge(`${p}_g`, [number(1, 1), number(1, 2, { attributes: { __: 'x' } })])])],
    outcomes: [{ collector: [], service: ['g{_="x",instance="me",job="svc"} 2'] }],
  },
  {
    heading: 'A NUL in a name',
    norm: 'ours',
    page: 'utf8 utf8-text',
    traffic: (p, me) => [from(me, [gauge(`${p}_g\0`, [number(1, 1)])])],
    outcomes: [
      {
        collector: ['# HELP g_0_ ""', '# TYPE g_0_ gauge', 'g_0_{instance="me",job="svc"} 1'],
        service: ['# HELP g_fffd_ ""', '# TYPE g_fffd_ gauge', 'g_fffd_{instance="me",job="svc"} 1'],
      },
    ],
  },
  {
    heading: 'Series that become one where names are escaped',
    norm: 'ours',
    page: 'utf8 text',
    traffic: (p, me) => [
      from(me, [
        sum(`${p}_c`, [
          number(1, 1, { start: 0, attributes: { 'a.b': 'x' } }),
          number(1, 2, { start: 0, attributes: { a_b: 'x' } }),
        ]),
      ]),
    ],
    outcomes: [
      {
        collector: [notAnExposition, 'c_total{a_b="x",instance="me",job="svc"} 1', 'c_total{a_b="x",instance="me",job="svc"} 2'],
        service: ['c_total{a_b="x",instance="me",job="svc"} 3'],
      },
    ],
  },
];
