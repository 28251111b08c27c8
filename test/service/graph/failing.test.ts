/**
 * What a sender hears where a component throws. OTLP 1.9, "Failures": what may be sent again is 503 or UNAVAILABLE, all else is
 * final. The Collector answers so to its components' errors (`otlpreceiver/internal/errors`): a permanent one without a code of
 * its own is 500 and INTERNAL.
 */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Batch } from '../../../src/collector.ts';
import { section } from '../../../src/core/config/schema/index.ts';
import type { Consume, ExporterFactory, ProcessorFactory } from '../../../src/service/component.ts';
import { components } from '../../../src/service/components.ts';
import { until } from '../../until.ts';
import { partialOf, statusOf } from '../receivers/otlp/answers.ts';
import { call, frame, session } from '../receivers/otlp/grpc-client.ts';
import { send } from '../receivers/otlp/http-client.ts';
import { request } from '../receivers/otlp/receiver.ts';
import { startFrom } from './rig.ts';

const type = 'application/x-protobuf';
/** Bytes ahead of a message in gRPC. */
const frameHead = 5;
const broken = new Error('the disk of /srv/secret is full');
const permanent = Object.assign(new Error('no such tenant'), { permanent: true });

const idle = { async start() {}, async shutdown() {} };
const exporter = (name: string, consume: Consume): ExporterFactory => ({
  kind: 'exporter',
  type: name,
  schema: section({}),
  create: () => ({ ...idle, consume }),
});
const throwing = (error: unknown) => () => {
  throw error;
};
const processor: ProcessorFactory = {
  kind: 'processor',
  type: 'broken',
  schema: section({}),
  create: () => ({ ...idle, consume: throwing(broken) }),
};

interface Started {
  http(): ReturnType<typeof send>;
  grpc(): ReturnType<typeof call>;
  own(): Promise<string>;
  log(): string;
}

async function started(t: TestContext, pipelines: string, more: readonly ExporterFactory[] = []): Promise<Started> {
  const known = [
    ...components,
    exporter('broken', throwing(broken)),
    exporter('broken_later', async () => Promise.reject(broken)),
    exporter('permanent', throwing(permanent)),
    exporter('permanent_later', async () => Promise.reject(permanent)),
    processor,
    ...more,
  ];
  const exporters = known
    .filter(({ kind, type: name }) => kind === 'exporter' && pipelines.includes(name))
    .map(({ type: name }) => `${name}: {}`);
  const service = await startFrom(
    t,
    `receivers: {otlp: {protocols: {http: {endpoint: 127.0.0.1:0}, grpc: {endpoint: 127.0.0.1:0}}}}
processors: {broken: {}, batch: {send_batch_size: 1}}
exporters: {${exporters.join(', ')}}
service:
  telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: 0}}}}]}}
  pipelines: {${pipelines}}`,
    known,
  );
  const at = (scheme: string) =>
    (service.urls().find((url) => url.startsWith(scheme)) as string).replace(/^\w+:\/\/|\/v1\/metrics$/g, '');
  const grpc = await session(t, at('grpc:'));
  const page = service.urls().find((url) => url.endsWith('/metrics') && !url.endsWith('/v1/metrics')) as string;
  return {
    http: () =>
      send((service.urls().find((url) => url.endsWith('/v1/metrics')) as string).split('/')[2] as string, {
        headers: { 'content-type': type },
        body: request(3),
      }),
    grpc: () => call(grpc, frame(request(3))),
    own: async () => (await fetch(page)).text(),
    log: service.log,
  };
}

const one = (exporters: string, processors = '') =>
  `metrics: {receivers: [otlp], processors: [${processors}], exporters: [${exporters}]}`;

for (const [what, pipelines, why] of [
  ['the one exporter', one('broken'), 'exporter broken has failed'],
  ['the one exporter, later', one('broken_later'), 'exporter broken_later has failed'],
  ['each exporter', one('broken_later, broken'), 'exporter broken_later has failed'],
  ['each exporter, one of them for good', one('permanent, broken'), 'exporter broken has failed'],
  ['a processor', one('nop', 'broken'), 'processor broken has failed'],
  ['each pipeline', `${one('broken')}, metrics/2: {receivers: [otlp], exporters: [permanent]}`, 'exporter broken has failed'],
] as const)
  test(`${what} throws: the sender is to send again`, async (t) => {
    const { http, grpc, own, log } = await started(t, pipelines);
    const answer = await http();
    assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1']);
    assert.deepEqual(statusOf(type, answer.body), { code: 14, message: why });
    const { grpcStatus, message } = await grpc();
    assert.deepEqual([grpcStatus, message], [14, why]);
    const page = await own();
    assert.match(page, /^otelcol_receiver_refused_metric_points\{[^}]*transport="http"[^}]*\} 3$/m);
    assert.match(page, /^otelcol_receiver_accepted_metric_points\{[^}]*transport="http"[^}]*\} 0$/m);
    // The first one of each component is a line, with the reason, which senders do not learn.
    const lines = [...log().matchAll(/(\w+) has failed at a batch: Error: the disk of \/srv\/secret is full/g)].map(
      ([, id]) => id,
    );
    assert.deepEqual([...new Set(lines)], lines);
    assert.ok(lines.includes(why.split(' ')[1] as string));
  });

for (const [what, pipelines] of [
  ['the one exporter', one('permanent')],
  ['the one exporter, later', one('permanent_later')],
  ['each exporter', one('permanent, permanent_later')],
] as const)
  test(`${what} throws what is permanent: the sender is to drop it`, async (t) => {
    const { http, grpc, own } = await started(t, pipelines);
    const answer = await http();
    const { code, message } = statusOf(type, answer.body);
    assert.deepEqual([answer.status, answer.headers['retry-after'], code], [500, undefined, 13]);
    assert.match(message, /^exporter permanent(_later)?: no such tenant$/);
    const called = await grpc();
    assert.deepEqual([called.grpcStatus, called.message], [13, message]);
    assert.match(await own(), /^otelcol_exporter_send_failed_metric_points\{[^}]*exporter="permanent(_later)?"[^}]*\} 6$/m);
  });

for (const [what, pipelines, who] of [
  ['one exporter of two', one('broken, nop'), 'exporter broken has failed'],
  ['one exporter of two, later', one('nop, broken_later'), 'exporter broken_later has failed'],
  ['one exporter of two, for good', one('permanent, nop'), 'exporter permanent: no such tenant'],
  [
    'one pipeline of two',
    `${one('nop', 'broken')}, metrics/2: {receivers: [otlp], exporters: [nop]}`,
    'processor broken has failed',
  ],
] as const)
  test(`${what} throws: the others keep what they took, and the sender is told`, async (t) => {
    const { http, grpc, own } = await started(t, pipelines);
    const said = { rejected: 3, message: `${who}; other exporters have accepted the request` };
    const answer = await http();
    assert.equal(answer.status, 200);
    assert.deepEqual(partialOf(type, answer.body), said);
    const { grpcStatus, body } = await grpc();
    assert.deepEqual([grpcStatus, partialOf(type, body.subarray(frameHead))], [0, said]);
    const page = await own();
    assert.match(page, /^otelcol_exporter_sent_metric_points\{[^}]*exporter="nop"[^}]*\} 6$/m);
    if (who.startsWith('exporter'))
      assert.match(page, /^otelcol_exporter_send_failed_metric_points\{[^}]*exporter="(broken|permanent)[^}]*\} 6$/m);
  });

test('behind the processor batch, what an exporter fails at is said and gone, and what comes next is handed on', async (t) => {
  const seen: number[] = [];
  const picky = exporter('picky', ({ points }: Batch) => {
    seen.push(points);
    if (seen.length === 1) throw broken;
    return undefined;
  });
  const { http, own, log } = await started(t, one('picky', 'batch'), [picky]);
  assert.deepEqual([(await http()).status, (await http()).status], [200, 200]);
  await until('handed on', () => seen.length === 2);
  assert.deepEqual(seen, [3, 3]);
  assert.match(log(), /points after the batch were rejected: exporter picky has failed/);
  assert.match(await own(), /^otelcol_exporter_send_failed_metric_points\{[^}]*exporter="picky"[^}]*\} 3$/m);
});
