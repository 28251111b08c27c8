/** Names that meet, and metadata. */

import { notAnExposition } from '../page.ts';
import { attributesOf, buckets, from, gauge, histogram, number, quantiles, sum, summary } from '../requests.ts';
import type { Difference } from './difference.ts';

const h = ['# HELP h ""', '# TYPE h histogram'];
const hSamples = [
  'h_bucket{instance="me",job="svc",le="1"} 1',
  'h_bucket{instance="me",job="svc",le="Infinity"} 2',
  'h_count{instance="me",job="svc"} 2',
  'h_sum{instance="me",job="svc"} 0',
];

export const nameDifferences: readonly Difference[] = [
  {
    heading: 'Two types under one name',
    norm: 'Exporters MUST drop entire metrics to prevent conflicting TYPE comments.',
    page: 'plain text',
    traffic: (p, me) => [from(me, [gauge(`${p}.m`, [number(1, 1)]), histogram(`${p}.m`, [buckets(1, [1, 1], { bounds: [1] })])])],
    outcomes: [
      { collector: [], service: [] },
      {
        collector: ['# TYPE m histogram', ...hSamples.map((line) => line.replace('h', 'm'))],
        service: ['# TYPE m gauge', 'm{instance="me",job="svc"} 1'],
      },
    ],
    says: /the histogram "m" from job "svc", instance "me" is not shown: m is a gauge already/,
  },
  {
    heading: 'Names that collide by a suffix',
    norm: 'names … MUST be unique within a MetricSet.',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [histogram(`${p}.h`, [buckets(1, [1, 1], { bounds: [1] })]), gauge(`${p}.h_count`, [number(1, 1)])]),
    ],
    outcomes: [
      {
        collector: ['# HELP h_count ""', '# TYPE h_count gauge', 'h_count{instance="me",job="svc"} 1'],
        service: [...h, ...hSamples],
      },
      { collector: [], service: [] },
    ],
  },
  {
    heading: 'Names that OpenMetrics reserves',
    norm: 'MUST NOT result in a potential clash for sample metric names',
    page: 'plain openmetrics',
    traffic: (p, me) => [from(me, [sum(`${p}.a`, [number(1, 1)]), gauge(`${p}.a`, [number(1, 2)])])],
    outcomes: [
      { collector: [notAnExposition, '# TYPE a counter', 'a_total{instance="me",job="svc"} 1'], service: [] },
      { collector: [notAnExposition, '# TYPE a counter', 'a_total{instance="me",job="svc"} 1'], service: ['# TYPE a gauge'] },
      {
        collector: [notAnExposition, '# TYPE a counter', '# TYPE a counter', 'a_total{instance="me",job="svc"} 1'],
        service: ['# TYPE a gauge'],
      },
      { collector: [notAnExposition, 'a_total{instance="me",job="svc"} 1'], service: [] },
    ],
  },
  {
    heading: 'The first HELP and UNIT',
    norm: 'all but one of the conflicting UNIT and HELP comments (but not metric points) SHOULD be dropped.',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [gauge(`${p}.g`, [number(1, 2, { attributes: { k: 'a' } })], { description: 'first' })]),
      from(me, [gauge(`${p}.g`, [number(1, 2, { attributes: { k: 'b' } })], { description: 'second' })], { name: 'other' }),
    ],
    outcomes: [
      { collector: ['# HELP g "second"'], service: ['# HELP g "first"'] },
      { collector: [], service: [] },
    ],
    says: /g from scope "other".* of job "svc", instance "me" has another description/,
  },
  {
    heading: 'UNIT lines',
    norm: 'The resulting unit SHOULD be added to the metric as UNIT metadata.',
    page: 'plain openmetrics',
    traffic: (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2)], { unit: 's' })])],
    outcomes: [{ collector: [], service: ['# UNIT g_seconds seconds'] }],
  },
  {
    heading: 'Type unknown',
    norm: 'MUST be transformed to a Prometheus Unknown.',
    page: 'plain openmetrics',
    traffic: (p, me) => [
      from(me, [gauge(`${p}.g`, [number(1, 2)], { metadata: attributesOf({ 'prometheus.type': 'unknown' }) })]),
    ],
    outcomes: [{ collector: ['# TYPE g gauge'], service: ['# TYPE g unknown'] }],
  },
  {
    heading: 'Types info and stateset',
    norm: 'MUST be converted to an OpenMetrics Info metric',
    page: 'plain openmetrics',
    traffic: (p, me) => [
      from(me, [sum(`${p}.b`, [number(1, 1)], { monotonic: false, metadata: attributesOf({ 'prometheus.type': 'info' }) })]),
    ],
    outcomes: [
      {
        collector: ['# TYPE b gauge', 'b{instance="me",job="svc"} 1'],
        service: ['# TYPE b info', 'b_info{instance="me",job="svc"} 1'],
      },
    ],
  },
  {
    heading: 'Types info and stateset',
    norm: 'it MUST be converted to an OpenMetrics StateSet metric',
    page: 'plain openmetrics',
    traffic: (p, me) => [
      from(me, [
        sum(`${p}.s`, [number(1, 1, { attributes: { [`${p}_s`]: 'on' } })], {
          monotonic: false,
          metadata: attributesOf({ 'prometheus.type': 'stateset' }),
        }),
      ]),
    ],
    outcomes: [{ collector: ['# TYPE s gauge'], service: ['# TYPE s stateset'] }],
  },
  {
    heading: 'Quantiles beyond 0 and 1',
    norm: 'Must be in the interval [0.0, 1.0]',
    page: 'plain text',
    traffic: (p, me) => [
      from(me, [
        summary(`${p}.s`, [
          quantiles(1, 2, 5, [
            [1.5, 3],
            [0.5, 1],
          ]),
        ]),
      ]),
    ],
    outcomes: [{ collector: [notAnExposition, 's{instance="me",job="svc",quantile="1.5"} 3'], service: [] }],
  },
];
