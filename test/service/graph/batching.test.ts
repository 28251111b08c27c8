/**
 * A processor that puts requests together holds them in memory: exporters that take requests as they come get them past it, and
 * may do what it was to do.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Infer, section } from '../../../src/core/config/schema/index.ts';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import type { Batching, Consume, ExporterFactory, Factory, ReceiverFactory, Verdict } from '../../../src/service/component.ts';
import { components } from '../../../src/service/components.ts';
import { readConfig } from '../../../src/service/config/index.ts';
import { sendingQueue } from '../../../src/service/queue/config.ts';
import { storageNeedsOf } from '../../../src/service/queue/storage-of.ts';
import { folderFor } from '../../folder-for.ts';
import { batch, metric } from '../exporters/otlp-http/rig.ts';
import { noOwnMetrics, startFrom } from './rig.ts';

interface Plugin {
  readonly factories: readonly Factory[];
  /** Hands one point to what follows the receiver. */
  send(): Verdict | Promise<Verdict>;
  /** `EXPORTER POINTS` of each batch since the last call. */
  taken(): readonly string[];
  /** By exporter, the newest one. */
  readonly batching: ReadonlyMap<string, Batching | undefined>;
}

const schema = section({ sending_queue: sendingQueue });

/**
 * A receiver and exporters of someone else: `stored` names a storage, `any` takes requests as they come, `plain` says nothing.
 */
function plugin(): Plugin {
  const events: string[] = [];
  const batching = new Map<string, Batching | undefined>();
  let next: Consume = () => undefined;
  const component = { async start() {}, async shutdown() {} };
  const receiver: ReceiverFactory = {
    kind: 'receiver',
    type: 'source',
    schema: section({}),
    create(_, context) {
      next = context.next;
      return component;
    },
  };
  const exporter = (type: string, more: Partial<ExporterFactory>): ExporterFactory<Infer<typeof schema>> => ({
    kind: 'exporter',
    type,
    schema,
    ...more,
    create(_, context) {
      batching.set(context.id, context.batching);
      const consume: Consume = ({ points }) => void events.push(`${context.id} ${points}`);
      return { ...component, consume };
    },
  });
  return {
    factories: [
      ...components,
      receiver,
      exporter('stored', { needs: storageNeedsOf }),
      exporter('any', { takesUnbatched: true }),
      exporter('plain', {}),
    ],
    send: () => next(readBatch(batch(metric('m', 1, 1)).bytes)),
    taken: () => events.splice(0),
    batching,
  };
}

const three = 'batch: {timeout: 10m, send_batch_size: 3, send_batch_max_size: 4}';
const asThree: Batching = { timeoutMs: 600_000, minPoints: 3, maxPoints: 4 };

function fileOf(directory: string, pipelines: string, processors = three): string {
  return `
receivers: {source: {}, source/2: {}}
processors: {${processors}, memory_limiter: {check_interval: 1s, limit_mib: 4000}, resource: {attributes: [{key: a, value: b, action: insert}]}}
exporters: {stored: {sending_queue: {storage: file_storage}}, stored/memory: {}, any: {}, plain: {}, nop: {}}
extensions: {file_storage: {directory: ${directory}}}
service: {extensions: [file_storage], pipelines: ${pipelines}, ${noOwnMetrics}}
`;
}

const pipeline = (exporters: string, processors = 'memory_limiter, batch, resource') =>
  `{receivers: [source], processors: [${processors}], exporters: [${exporters}]}`;

test('what an exporter with a storage takes has passed no memory, and it is given what the processor was to do', async (t) => {
  const on = plugin();
  await startFrom(t, fileOf(folderFor(t)(''), `{metrics: ${pipeline('stored')}}`), on.factories);
  on.send();
  on.send();
  assert.deepEqual(on.taken(), ['stored 1', 'stored 1']);
  assert.deepEqual(on.batching.get('stored'), asThree);
});

test('beside others, these alone get what was put together', async (t) => {
  const on = plugin();
  const service = await startFrom(
    t,
    fileOf(folderFor(t)(''), `{metrics: ${pipeline('plain, stored, any, stored/memory')}}`),
    on.factories,
  );
  for (let request = 0; request < 4; request++) assert.equal(on.send(), undefined);
  const direct = ['stored 1', 'any 1'];
  assert.deepEqual(on.taken(), [...direct, ...direct, ...direct, 'plain 3', 'stored/memory 3', ...direct]);
  assert.deepEqual([...on.batching.keys()].map((id) => [id, on.batching.get(id)]).toSorted(), [
    ['any', asThree],
    ['plain', undefined],
    ['stored', asThree],
    ['stored/memory', undefined],
  ]);
  await service.shutdown();
  assert.deepEqual(on.taken(), ['plain 1', 'stored/memory 1']);
});

test('two pipelines, one of them with a storage', async (t) => {
  const on = plugin();
  await startFrom(
    t,
    fileOf(folderFor(t)(''), `{metrics: ${pipeline('stored')}, metrics/2: ${pipeline('plain', 'batch')}}`),
    on.factories,
  );
  for (let request = 0; request < 3; request++) on.send();
  assert.deepEqual(on.taken(), ['stored 1', 'stored 1', 'stored 1', 'plain 3']);
});

test('a reload changes it between two requests, and loses none', async (t) => {
  const on = plugin();
  const directory = folderFor(t)('');
  const service = await startFrom(t, fileOf(directory, `{metrics: ${pipeline('plain')}}`), on.factories);
  on.send();
  assert.deepEqual(on.taken(), []);
  await service.changeTo(fileOf(directory, `{metrics: ${pipeline('plain, stored')}}`));
  on.send();
  on.send();
  assert.deepEqual(on.taken().toSorted(), ['plain 3', 'stored 1', 'stored 1']);
  on.send();
  await service.changeTo(fileOf(directory, `{metrics: ${pipeline('stored')}}`, 'batch: {send_batch_size: 7}'));
  assert.deepEqual(on.taken(), ['stored 1', 'plain 1']);
  assert.deepEqual(on.batching.get('stored'), { timeoutMs: 200, minPoints: 7, maxPoints: 0 });
  on.send();
  assert.deepEqual(on.taken(), ['stored 1']);
});

test('validate names the exporter that is to put requests together in two ways', () => {
  const warningsOf = (second: string) => {
    const pipelines = `{metrics: ${pipeline('stored')}, metrics/2: ${pipeline('stored, any', second)}}`;
    const text = fileOf(
      '/tmp',
      pipelines,
      `${three}, batch/same: {timeout: 10m, send_batch_size: 3, send_batch_max_size: 4}, batch/other: {}`,
    );
    const read = readConfig({ config: [`yaml:${text}`] }, plugin().factories, { env: {} });
    assert.ok(read.ok, JSON.stringify(read));
    return read.warnings;
  };
  assert.deepEqual(warningsOf('batch/same'), []);
  assert.deepEqual(warningsOf(''), []);
  assert.match(
    warningsOf('batch/other').join('\n'),
    / exporters\.stored: its pipelines put requests together by batch and by batch\/other, and it has one queue, which does all of it by batch;/,
  );
});
