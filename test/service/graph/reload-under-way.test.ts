/** What comes while an exporter waits for the end of its former one arrives as it was sent, whatever processors stand ahead. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { Exporter, ExporterContext, ExporterFactory } from '../../../src/service/component.ts';
import { components } from '../../../src/service/components.ts';
import { until } from '../../until.ts';
import { type FarSide, startFarSide } from '../exporters/pairs/far-side.ts';
import { pointsOfDebug, pointsOfFile, pointsOfPage } from '../exporters/pairs/outputs.ts';
import { playedReceiver } from '../exporters/pairs/played-receiver.ts';
import { type Change, createDaemons, type PointText, senders } from '../exporters/pairs/senders.ts';
import { noOwnMetrics, startFrom } from './rig.ts';

/** Their settings before and behind the reload, and what they have written. `nop` has no settings that could change. */
const exporters = {
  otlp_http: {
    settings: ({ far }: Where) => `metrics_endpoint: "${far.url}/here", compression: none`,
    reload: 'timeout: 20s',
    written: async ({ far }: Where) => far.points('/here'),
  },
  debug: {
    settings: ({ path }: Where) => `verbosity: normal, use_internal_logger: false, output_paths: ["${path}"]`,
    reload: 'sampling_initial: 3',
    written: async ({ path }: Where) => pointsOfDebug(readFileSync(path, 'utf8')),
  },
  file: {
    settings: ({ path }: Where) => `path: "${path}"`,
    reload: 'flush_interval: 10ms',
    written: async ({ path }: Where) => pointsOfFile(readFileSync(path, 'utf8')),
  },
  prometheus: {
    settings: () => 'endpoint: 127.0.0.1:0, without_scope_info: true',
    reload: 'metric_expiration: 10m',
    written: async (_: Where, urls: readonly string[]) => pointsOfPage(await (await fetch(urls.at(-1) as string)).text()),
  },
} as const;

interface Where {
  readonly far: FarSide;
  readonly path: string;
}

const changed = 'actions: [{key: env, action: insert, value: prod}, {key: secret, action: delete}]';
const change: Change = { attributes: ({ secret: _, ...kept }) => ({ ...kept, env: 'prod' }) };
const ways: readonly { readonly name: string; readonly processors: readonly string[]; readonly change?: Change }[] = [
  { name: 'nothing', processors: [] },
  { name: 'attributes', processors: [`attributes: {${changed}}`], change },
  {
    name: 'two of attributes',
    processors: [`attributes: {${changed}}`, 'attributes/2: {actions: [{key: place, action: delete}]}'],
    change: { attributes: ({ secret: _s, place: _p, ...kept }) => ({ ...kept, env: 'prod' }) },
  },
  {
    name: 'attributes and memory_limiter',
    processors: [`attributes: {${changed}}`, 'memory_limiter: {check_interval: 1s, limit_mib: 100000}'],
    change,
  },
  {
    name: 'resource',
    processors: ['resource: {attributes: [{key: service.name, action: upsert, value: shop}]}'],
    change: { service: () => 'shop' },
  },
  {
    name: 'filter',
    processors: ['filter: {metrics: {exclude: {match_type: strict, metric_names: [d3_m1]}}}'],
    change: { keeps: (name) => name !== 'd3_m1' },
  },
  { name: 'batch', processors: ['batch: {timeout: 1ms, send_batch_size: 30, send_batch_max_size: 40}'] },
];

for (const [type, { settings, reload, written }] of Object.entries(exporters))
  for (const { name, processors, change } of ways)
    test(`${name} ahead of ${type}`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'meterbridge-reload-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const where: Where = { far: await startFarSide(t), path: join(folder, 'out') };
      const receiver = playedReceiver();
      const slow = endsSlowly(components.find((one) => one.kind === 'exporter' && one.type === type) as ExporterFactory);
      const known = components.map((one) => (one.kind === 'exporter' && one.type === type ? slow.factory : one));
      const yaml = (more: string) => `receivers: {played: {}}
processors: {${processors.join(', ')}}
exporters: {${type}: {${settings(where)}${more}}}
service:
  ${noOwnMetrics}
  pipelines: {metrics: {receivers: [played], processors: [${processors.map((one) => one.split(':')[0]).join(', ')}], exporters: [${type}]}}`;
      const service = await startFrom(t, yaml(''), [...known, receiver.factory]);
      const { sent, request } = createDaemons(change);
      const reloaded = service.changeTo(yaml(`, ${reload}`));
      await slow.ending;
      const outcomes = Array.from({ length: 2 * senders }, (_, at) => receiver.send('played', request((at * 5) % senders)));
      slow.release();
      assert.equal((await reloaded).outcome, 'done');
      for (const outcome of await Promise.all(outcomes)) assert.deepEqual(outcome, { code: undefined, rejected: 0, why: '' });
      const expected = (type === 'prometheus' ? sent.last() : [...sent.all]).toSorted();
      let shown: readonly PointText[] = [];
      await until('written', async () => {
        shown = await written(where, service.urls());
        return shown.length >= expected.length;
      });
      assert.deepEqual(shown.toSorted(), expected);
    });

/** An exporter that waits with its end, and whose successor does not start before. */
function endsSlowly(factory: ExporterFactory) {
  const ending = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const create = (settings: unknown, context: ExporterContext): Exporter => {
    const exporter = factory.create(settings, context);
    const { handOver } = exporter;
    async function wait(): Promise<void> {
      ending.resolve();
      await released.promise;
    }
    return {
      ...exporter,
      shutdown: () => wait().then(exporter.shutdown),
      ...(handOver && { handOver: () => wait().then(handOver) }),
    };
  };
  return { factory: { ...factory, files: () => ['one at a time'], create }, ending: ending.promise, release: released.resolve };
}
