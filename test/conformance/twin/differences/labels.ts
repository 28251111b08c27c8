/**
 * Labels that fall together, that the exporter writes itself, or that have no legal name; resources and scopes that become one.
 */

import { notAnExposition } from '../page.ts';
import { attributesOf, buckets, from, gauge, histogram, number, quantiles, sum, summary } from '../requests.ts';
import type { Difference } from './difference.ts';

export const labelDifferences: readonly Difference[] = [
  {
    heading: 'Labels that fall together',
    norm: 'the values MUST be concatenated together, separated by `;`',
    page: 'plain text',
    traffic: (p, me) => [
      from(
        me,
        [
          gauge(`${p}.g`, [
            number(1, 1),
            number(1, 2, { attributes: { 'a.b': '2', a_b: '1' } }),
            number(1, 3, { attributes: { otel_scope_name: 'x' } }),
            { ...number(1, 4), attributes: [...attributesOf({ k: 'x' }), ...attributesOf({ k: 'y' })] },
          ]),
        ],
        { name: 'lib' },
      ),
    ],
    outcomes: [
      {
        collector: [],
        service: [
          'g{a_b="2;1",instance="me",job="svc",otel_scope_name="lib"} 2',
          'g{instance="me",job="svc",k="x;y",otel_scope_name="lib"} 4',
          'g{instance="me",job="svc",otel_scope_name="lib;x"} 3',
        ],
      },
    ],
  },
  {
    heading: 'Labels that the exporter writes itself',
    norm: 'Label names MUST be unique within a LabelSet.',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [
        gauge(`${p}.g`, [
          number(1, 1),
          number(1, 2, { attributes: { job: 'x' } }),
          number(1, 3, { attributes: { instance: 'x' } }),
        ]),
        histogram(`${p}.h`, [buckets(1, [1], { bounds: [], attributes: { le: 'x' } })]),
        summary(`${p}.s`, [quantiles(1, 1, 2, [[0.5, 1]], { attributes: { quantile: 'x' } })]),
      ]),
    ],
    outcomes: [
      {
        collector: [
          notAnExposition,
          'h_bucket{instance="me",job="svc",le="x",otel_scope_name="",otel_scope_schema_url="",otel_scope_version="",le="+Inf"} 1',
          'h_count{instance="me",job="svc",le="x"} 1',
          'h_sum{instance="me",job="svc",le="x"} 0',
        ],
        service: [
          '# HELP s ""',
          '# TYPE s summary',
          'g{exported_instance="x",instance="me",job="svc"} 3',
          'g{exported_job="x",instance="me",job="svc"} 2',
          'h_bucket{exported_le="x",instance="me",job="svc",le="Infinity"} 1',
          'h_count{exported_le="x",instance="me",job="svc"} 1',
          'h_sum{exported_le="x",instance="me",job="svc"} 0',
          's_count{exported_quantile="x",instance="me",job="svc"} 1',
          's_sum{exported_quantile="x",instance="me",job="svc"} 2',
          's{exported_quantile="x",instance="me",job="svc",quantile="0.5"} 1',
        ],
      },
    ],
  },
  {
    heading: 'Labels that the exporter writes itself',
    norm: 'Label names MUST be unique within a LabelSet.',
    page: 'adorned text',
    traffic: (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 1), number(1, 2, { attributes: { region: 'x' } })])])],
    outcomes: [
      {
        collector: [],
        service: ['acme_g{cell_id="c1",exported_region="x",instance="me",job="svc",region="eu"} 2 @1795357531'],
      },
    ],
  },
  {
    heading: 'Labels that the exporter writes itself',
    norm: 'Label names MUST be unique within a LabelSet.',
    page: 'bare text',
    traffic: (p, me) => [from({ ...me, job: 'x' }, [gauge(`${p}.g`, [number(1, 1)])])],
    outcomes: [
      {
        collector: ['target_info{instance="me",job="svc"} 1'],
        service: [
          '# HELP g ""',
          '# TYPE g gauge',
          'g{exported_job="x",instance="me",job="svc",service_instance_id="me",service_name="svc"} 1',
          'target_info{exported_job="x",instance="me",job="svc"} 1',
        ],
      },
    ],
  },
  {
    heading: 'Attributes without a legal name',
    norm: 'Discouraged characters SHOULD be replaced with the `_` character.',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [
        gauge(`${p}.g`, [
          number(1, 1),
          number(1, 2, { attributes: { é: 'x' } }),
          number(1, 3, { attributes: { __x__: 'x' } }),
          number(1, 4, { attributes: { '': 'x', k: 'empty' } }),
        ]),
      ]),
    ],
    outcomes: [
      {
        collector: [],
        service: [
          'g{_="x",instance="me",job="svc"} 2',
          'g{_x_="x",instance="me",job="svc"} 3',
          'g{instance="me",job="svc",k="empty"} 4',
        ],
      },
    ],
  },
  {
    heading: 'Lists and maps with numbers that JSON lacks',
    norm: 'the special floating point values NaN and Infinity SHOULD be represented as JSON strings',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [
        gauge(`${p}.g`, [
          number(1, 1, { attributes: { k: [1n, Number.NaN] } }),
          number(1, 2, { attributes: { k: [new Uint8Array(0)] } }),
        ]),
      ]),
    ],
    outcomes: [
      {
        collector: ['g{instance="me",job="svc",k="[null]"} 2', 'g{instance="me",job="svc"} 1'],
        service: ['g{instance="me",job="svc",k="[1,\\"NaN\\"]"} 1', 'g{instance="me",job="svc",k="[\\"\\"]"} 2'],
      },
    ],
  },
  {
    heading: 'Attributes of `target_info` that are called `job` or `instance`',
    norm: 'labels MUST include the resource attributes',
    page: 'plain text',
    traffic: (p, me) => [from({ ...me, job: 'x', instance: 'y' }, [gauge(`${p}.g`, [number(1, 1)])])],
    outcomes: [
      {
        collector: ['target_info{instance="me",job="svc"} 1'],
        service: ['target_info{exported_instance="y",exported_job="x",instance="me",job="svc"} 1'],
      },
    ],
  },
  {
    heading: 'Two resources that become one series',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from({ ...me, host: 'a' }, [gauge(`${p}.g`, [number(1, 1)])]),
      from({ ...me, host: 'b' }, [gauge(`${p}.g`, [number(2, 2)])]),
    ],
    outcomes: [
      {
        collector: ['target_info{host="b",instance="me",job="svc"} 1'],
        service: ['target_info{host="a",instance="me",job="svc"} 1'],
      },
      { collector: [], service: [] },
    ],
    says: /two resources send g as one series/,
  },
  {
    heading: 'Streams of one resource that become one series',
    norm: 'ours',
    page: 'bare text',
    traffic: (p, me) => [
      from(me, [gauge(`${p}.g`, [number(1, 1)])], { name: 'a' }),
      from(me, [gauge(`${p}.g`, [number(2, 2)])], { name: 'b' }),
    ],
    outcomes: [
      { collector: [], service: [] },
      {
        collector: ['g{instance="me",job="svc",service_instance_id="me",service_name="svc"} 1'],
        service: ['g{instance="me",job="svc",service_instance_id="me",service_name="svc"} 2'],
      },
    ],
    says: /two streams of g from .* become one series, so that the newer value is shown/,
  },
  {
    heading: 'Streams of one resource that become one series',
    norm: 'ours',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [sum(`${p}.c`, [number(1, 1, { start: 0 })], { temporality: 'delta' })]),
      from(me, [sum(`${p}.c`, [number(2, 10, { start: 0 })])]),
      from(me, [sum(`${p}.c`, [number(3, 4, { start: 2 })], { temporality: 'delta' })]),
    ],
    outcomes: [{ collector: ['c_total{instance="me",job="svc"} 14'], service: ['c_total{instance="me",job="svc"} 15'] }],
  },
  {
    heading: 'Empty attributes',
    norm: 'A label with an empty label value is considered equivalent to a label that does not exist.',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [gauge(`${p}.g`, [number(1, 1, { attributes: { a: 'x' } }), number(2, 2, { attributes: { a: 'x', b: '' } })])]),
    ],
    outcomes: [{ collector: [notAnExposition, 'g{a="x",instance="me",job="svc"} 1'], service: [] }],
    says: /two streams of g from .* become one series, so that the newer value is shown/,
  },
];
