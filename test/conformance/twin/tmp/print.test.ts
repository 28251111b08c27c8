import { test } from 'node:test';
import { writeFileSync, appendFileSync } from 'node:fs';
import { linesOf } from '../page.ts';
import { askBoth, startTwin } from '../twin.ts';
import { send } from '../../../collector/receivers/otlp/http-client.ts';
import * as r from '../requests.ts';
const { from, gauge, sum, histogram, summary, exponentialHistogram, number, buckets, quantiles, exponential, exemplar } = r;
const traceId = '0102030405060708090a0b0c0d0e0f10';
const spanId = '1112131415161718';
const delta = { temporality: 'delta' } as const;
type T = [string, string, (p: string, me: r.Attributes) => readonly r.Request[]];
const all: T[] = [
  ['temporality unspecified', 'plain text', (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 3], { sum: 5 })], { temporality: 'unspecified' })]), from(me, [histogram(`${p}.h`, [buckets(2, [1, 2, 4], { sum: 5 })], { temporality: 'unspecified' })])]],
  ['temporality unspecified exp', 'plain text', (p, me) => [from(me, [exponentialHistogram(`${p}.e`, [exponential(1, 0, [1, 2, 3], { sum: 5 })], { temporality: 'unspecified' })])]],
  ['wrong: counts', 'plain text', (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 2], { sum: 5 })]), gauge(`${p}.g`, [number(1, 1)])])]],
  ['wrong: counts more', 'plain text', (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 3, 4], { sum: 5 })]), gauge(`${p}.g`, [number(1, 1)])])]],
  ['wrong: bounds', 'plain text', (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 3], { sum: 5, bounds: [10, 1] })]), gauge(`${p}.g`, [number(1, 1)])])]],
  ['limits', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 1, { attributes: Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`k${i}`, ''])) })])])]],
  ['limits value', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 1, { attributes: { k: 'x'.repeat(65_537) } })])])]],
  ['overlap', 'plain text', (p, me) => [from(me, [sum(`${p}.c`, [number(5, 1, { start: 0 })], delta)]), from(me, [sum(`${p}.c`, [number(6, 2, { start: 4 })], delta)])]],
  ['after nrv', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, undefined, { flags: 1, attributes: { k: 'a' } }), number(1, 2, { attributes: { k: 'b' } })])])]],
  ['counter NaN', 'plain text', (p, me) => [from(me, [sum(`${p}.c`, [number(1, Number.NaN, { attributes: { k: 'a' } }), number(1, -1, { attributes: { k: 'b' } }), number(1, 1, { attributes: { k: 'c' } })])])]],
  ['no value', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, undefined, { attributes: { k: 'a' } }), number(1, 1)])])]],
  ['two types', 'plain text', (p, me) => [from(me, [gauge(`${p}.m`, [number(1, 1)]), histogram(`${p}.m`, [buckets(1, [1, 1, 1])])])]],
  ['names meet hist', 'plain text', (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 1, 1])]), gauge(`${p}.h_count`, [number(1, 1)])])]],
  ['names meet counter', 'plain text', (p, me) => [from(me, [sum(`${p}.a`, [number(1, 1)]), gauge(`${p}.a_total`, [number(1, 2)])])]],
  ['names meet counter om', 'plain openmetrics', (p, me) => [from(me, [sum(`${p}.a`, [number(1, 1)]), gauge(`${p}.a`, [number(1, 2)])])]],
  ['target_info', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2)]), gauge('target_info', [number(1, 2)])])]],
  ['help', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2, {attributes: {k: 'a'}})], { description: 'first' })]), from(me, [gauge(`${p}.g`, [number(1, 2, {attributes: {k: 'b'}})], { description: 'second' })])]],
  ['help two resources', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2)], { description: 'first' })]), from({ ...me, 'service.instance.id': `${p}-2` }, [gauge(`${p}.g`, [number(1, 2)], { description: 'second' })])]],
  ['unit', 'plain text', (p, me) => [from(me, [gauge(`${p}.g_seconds`, [number(1, 2, {attributes: {k: 'a'}})], { unit: 's' })]), from(me, [gauge(`${p}.g_seconds`, [number(1, 2, {attributes: {k: 'b'}})], { unit: '' })])]],
  ['unknown', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2)], { metadata: r.attributesOf({ 'prometheus.type': 'unknown' }) })])]],
  ['unknown om', 'plain openmetrics', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2)], { metadata: r.attributesOf({ 'prometheus.type': 'unknown' }) }), sum(`${p}.u`, [number(1, 2)], { monotonic: false, metadata: r.attributesOf({ 'prometheus.type': 'unknown' }) })])]],
  ['labels fall', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2, { attributes: { 'a.b': '1', a_b: '2' } }), number(1, 1)])])]],
  ['attr twice', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [{ ...number(1, 1), attributes: [...r.attributesOf({ k: 'a' }), ...r.attributesOf({ k: 'b' })] }, number(1, 1)])])]],
  ['own labels job', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2, { attributes: { job: 'x', k: 'v' } }), number(1, 1)])])]],
  ['own labels le', 'plain text', (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 1, 1], { attributes: { le: 'x' } })]), summary(`${p}.s`, [quantiles(1, 1, 1, [[0.5, 1]], { attributes: { quantile: 'x' } })])])]],
  ['own labels const', 'adorned text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2, { attributes: { region: 'x', k: 'v' } }), number(1, 1)])])]],
  ['no legal name', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 2, { attributes: { é: 'x' } }), number(1, 1)]), gauge(`${p}.h`, [number(1, 2, { attributes: { __x__: 'x' } })]), gauge(`${p}.e`, [number(1, 2, { attributes: { '': 'x' } })]), gauge(`${p}.i`, [number(1, 2, { attributes: { '..': 'x', _: 'y' } })])])]],
  ['empty job', 'plain text', (p) => [from({ 'service.name': '', 'service.instance.id': '' }, [gauge(`${p}.g`, [number(1, 2)])])]],
  ['target info job', 'plain text', (p, me) => [from({ ...me, job: 'x', instance: 'y', le: 'z' }, [gauge(`${p}.g`, [number(1, 2)])])]],
  ['two resources', 'plain text', (p, me) => [from({ ...me, host: 'a' }, [gauge(`${p}.g`, [number(1, 1)])]), from({ ...me, host: 'b' }, [gauge(`${p}.g`, [number(2, 2)])])]],
  ['delta no start', 'plain text', (p, me) => [from(me, [sum(`${p}.c`, [number(1, 1)], delta), histogram(`${p}.h`, [buckets(1, [1, 1, 1])], delta)]), from(me, [sum(`${p}.c`, [number(2, 2)], delta), histogram(`${p}.h`, [buckets(2, [1, 1, 1])], delta)])]],
  ['delta int double', 'plain text', (p, me) => [from(me, [sum(`${p}.c`, [number(1, 1.5, { start: 0 })], delta)]), from(me, [sum(`${p}.c`, [number(2, 2n, { start: 1 })], delta)])]],
  ['exemplars stay', 'plain openmetrics', (p, me) => [from(me, [sum(`${p}.c`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { traceId, spanId })] })])]), from(me, [sum(`${p}.c`, [number(2, 8)])])]],
  ['exemplars delta hist', 'plain openmetrics', (p, me) => [from(me, [histogram(`${p}.h`, [buckets(1, [1, 2, 3], { start: 0, exemplars: [exemplar(0.5, 1.5, { traceId, spanId })] })], delta)]), from(me, [histogram(`${p}.h`, [buckets(2, [1, 2, 4], { start: 1, exemplars: [exemplar(1.5, 0.5, { traceId, spanId })] })], delta)])]],
  ['exemplars unknown', 'bare openmetrics', (p, me) => [from(me, [sum(`${p}.c`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { traceId, spanId })] })])])]],
  ['exemplars ids', 'plain openmetrics', (p, me) => [from(me, [
      sum(`${p}.t`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { traceId })] })]),
      sum(`${p}.s`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { spanId })] })]),
      sum(`${p}.n`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5)] })]),
      sum(`${p}.f`, [number(1, 7, { exemplars: [exemplar(0.5, 1.5, { filteredAttributes: { a: 'b' } })] })]),
      histogram(`${p}.h`, [buckets(1, [1, 2, 3], { exemplars: [exemplar(0.5, 1.5), exemplar(0.5, 0.5, { filteredAttributes: { a: 'b' } }), exemplar(0.5, 11, { traceId })] })]),
  ])]],
  ['exemplar no time', 'plain openmetrics', (p, me) => [from(me, [sum(`${p}.t`, [number(1, 7, { exemplars: [{ asDouble: 1, traceId, spanId }] })])])]],
  ['negative bounds', 'plain openmetrics', (p, me) => [from(me, [histogram(`${p}.neg`, [buckets(1, [1, 2, 0], { bounds: [-1, 0], sum: -2 })])])]],
  ['NaN sum', 'plain openmetrics', (p, me) => [from(me, [histogram(`${p}.n`, [buckets(1, [1, 2, 0], { sum: Number.NaN })]), summary(`${p}.s`, [quantiles(1, 2, -5, [[0.5, -3]])])])]],
  ['scopes', 'bare text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 1)])], { name: 'a' }), from(me, [gauge(`${p}.g`, [number(2, 2)])], { name: 'b' })]],
  ['scopes plain', 'plain text', (p, me) => [
    from(me, [gauge(`${p}.g`, [number(1, 1)])], { name: 'a' }),
    from(me, [gauge(`${p}.g`, [number(1, 2)])], { name: 'a', version: '2' }),
    from(me, [gauge(`${p}.g`, [number(1, 3)])], { name: 'a', attributes: { k: 'v' } }),
    from(me, [gauge(`${p}.g`, [number(1, 4)])], { name: 'a', schemaUrl: 'https://x' }),
    from(me, [gauge(`${p}.g`, [number(2, 5)])], { name: 'a' }),
  ]],
  ['time 0', 'adorned text', (p, me) => [from(me, [gauge(`${p}.g`, [{ asDouble: 1 }])])]],
  ['contested', 'plain text', (p, me) => [from(me, [sum(`${p}.c`, [number(5, 10, { start: 3 })])]), from(me, [sum(`${p}.c`, [number(8, 2, { start: 1 })])])]],
  ['otel_scope_name attr', 'plain text', (p, me) => [from(me, [gauge(`${p}.g`, [number(1, 1, { attributes: { otel_scope_name: 'x' } }), number(1, 1)])], { name: 'a' })]],
  ['resource as label and attribute', 'bare text', (p, me) => [from({ ...me, host: 'r' }, [gauge(`${p}.g`, [number(1, 1, { attributes: { host: 'p' } })])], { name: 'a' })]],
  ['resource as label job', 'bare text', (p, me) => [from({ ...me, job: 'r' }, [gauge(`${p}.g`, [number(1, 1)])], { name: 'a' })]],
  ['quantiles wrong', 'plain text', (p, me) => [from(me, [summary(`${p}.s`, [quantiles(1, 2, 5, [[1.5, 3], [-0.5, 3], [0.5, 1], [0.5, 2]])])])]],
  ['quantiles nan', 'plain text', (p, me) => [from(me, [summary(`${p}.s`, [quantiles(1, 2, 5, [[Number.NaN, 3], [0.5, 1]])])])]],
  ['summary delta quantile dup 0', 'plain openmetrics', (p, me) => [from(me, [summary(`${p}.s`, [quantiles(1, 2, 5, [[0, 3], [0.5, Number.NaN]])])])]],
  ['illegal names', 'plain text', (p, me) => [from(me, [gauge('9lives', [number(1, 1)]), gauge('日本', [number(1, 1)]), gauge('', [number(1, 1)]), gauge('__priv', [number(1, 1)]), gauge('..', [number(1, 1)])])]],
  ['illegal names bare', 'bare text', (p, me) => [from(me, [gauge('9lives', [number(1, 1)]), gauge('日本', [number(1, 1)]), gauge('', [number(1, 1)]), gauge('__priv', [number(1, 1)]), gauge('..', [number(1, 1)])])]],
  ['illegal names adorned', 'adorned text', (p, me) => [from(me, [gauge('9lives', [number(1, 1)]), gauge('日本', [number(1, 1)]), gauge('', [number(1, 1)]), gauge('__priv', [number(1, 1)]), gauge('..', [number(1, 1)])])]],
];
test('print', async (t) => {
  const twin = await startTwin(t);
  if (!twin) return;
  writeFileSync('/tmp/twin/print.txt', '');
  let n = 0;
  for (const [title, page, traffic] of all) {
    const p = `d${++n}d`;
    const answers: string[] = [];
    for (const q of traffic(p, { 'service.name': 'svc', 'service.instance.id': p })) {
      const a = await askBoth(twin, async (side) => { const x = await send(side.http, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(q) }); return `${x.status} ${x.body}`; });
      answers.push(`   C ${a.collector}   S ${a.service}`);
    }
    const keeps = (line: string) => line.startsWith(`${p}_`) || line.startsWith(`acme_${p}_`) || line.includes(`="${p}"`);
    const [name, format] = page.split(' ') as any;
    const { collector, service } = await askBoth(twin, async (side) => linesOf(await side.page(name, format), format, keeps));
    const c = collector.filter((l) => !service.includes(l)), s = service.filter((l) => !collector.includes(l));
    appendFileSync('/tmp/twin/print.txt', `\n== ${title} [${page}]\n${answers.filter((a) => /rejected|[45]\d\d /.test(a)).join('\n')}\n C only:\n${c.join('\n').slice(0, 3000)}\n S only:\n${s.join('\n').slice(0, 3000)}\n both: ${collector.length - c.length}\n`);
  }
});
