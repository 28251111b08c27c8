/**
 * A reload while requests wait on disk: whatever the new file says of the storage, they are sent, or a line says where they stay.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { serve } from '../../../src/service/serve.ts';
import { folderFor } from '../../folder-for.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric } from '../exporters/otlp-http/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';
import { pointsAt, storedRig } from './stored-rig.ts';

const requestOf = (name: string) => batch(metric(name, 2, 1, { temporality: 1 })).bytes;

interface File {
  readonly endpoint: string;
  /** By id, of each a directory. */
  readonly storages: Readonly<Record<string, object>>;
  readonly storage?: string;
  /** More keys of the queue. */
  readonly queue?: object;
  /** Absent: the exporter has left the file. */
  readonly gone?: boolean;
}

function textOf({ endpoint, storages, storage, queue = {}, gone = false }: File): string {
  const otlp_http = {
    endpoint,
    sending_queue: { num_consumers: 1, ...(storage && { storage }), ...queue },
    retry_on_failure: { initial_interval: '1ms', max_interval: '1ms' },
  };
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: { otlp_http, nop: {} },
    extensions: storages,
    service: {
      extensions: Object.keys(storages),
      pipelines: { metrics: { receivers: ['otlp'], exporters: [gone ? 'nop' : 'otlp_http'] } },
      telemetry: { metrics: { level: 'none' } },
    },
  });
}

/** A service of a file, whose receiver is down; it has taken `a` and `b`. */
async function holding(t: TestContext, file: Omit<File, 'endpoint'>) {
  const path = folderFor(t)('collector.yaml', textOf({ ...file, endpoint: 'http://127.0.0.1:1' }));
  let said = '';
  const stderr = new Writable({
    write(chunk, _, done) {
      said += String(chunk);
      done();
    },
  });
  const service = await serve({ config: path, stderr });
  let ended: Promise<void> | undefined;
  const shutdown = () => {
    ended ??= service.shutdown();
    return ended;
  };
  t.after(shutdown);
  const host = () => new URL(said.match(/.*Listening: (\S+)/s)?.[1] ?? '').host;
  const take = async (name: string) =>
    assert.equal(
      (await send(host(), { headers: { 'content-type': 'application/x-protobuf' }, body: requestOf(name) })).status,
      200,
    );
  for (const name of ['a', 'b']) await take(name);
  return {
    take,
    log: () => said,
    shutdown,
    async change(to: File) {
      writeFileSync(path, textOf(to));
      const { outcome, lines } = await service.reload();
      assert.equal(outcome, 'done', lines.join('\n'));
    },
  };
}

function directories(t: TestContext) {
  const at = folderFor(t);
  const [one, two] = [at('one'), at('two')];
  mkdirSync(one);
  mkdirSync(two);
  return { one, two };
}

const segments = (directory: string) => readdirSync(directory).filter((file) => file.endsWith('.segment')).length;
const found = async (t: TestContext, directory: string) =>
  (await (await storedRig(t, { directory })).start({ endpoint: 'http://127.0.0.1:1', sending_queue: { storage: 'a' } })).queue()
    .size;

for (const [what, before, after] of [
  ['the same storage', 'file_storage', 'file_storage'],
  ['no storage any more', 'file_storage', undefined],
  ['a storage where there was none', undefined, 'file_storage'],
  ['another one', 'file_storage', 'file_storage/2'],
] as const) {
  test(`a reload to ${what}: what waits is sent by the new exporter`, async (t) => {
    const { one, two } = directories(t);
    const receiver = await startReceiver(t);
    const storages = { file_storage: { directory: one }, 'file_storage/2': { directory: two } };
    const service = await holding(t, { storages, ...(before && { storage: before }) });
    await service.change({ endpoint: receiver.origin, storages, ...(after && { storage: after }) });
    await service.take('c');
    await until('sent', () => receiver.requests.length >= 3);
    assert.deepEqual(pointsAt(receiver).toSorted(), ['a 2 1', 'b 2 1', 'c 2 1']);
    await service.shutdown();
    assert.deepEqual([await found(t, one), await found(t, two)], [0, 0]);
  });
}

test('a reload that changes the directory of the storage: the exporter goes along', async (t) => {
  const { one, two } = directories(t);
  const service = await holding(t, { storages: { file_storage: { directory: one } }, storage: 'file_storage' });
  await service.change({
    endpoint: 'http://127.0.0.1:1',
    storages: { file_storage: { directory: two } },
    storage: 'file_storage',
  });
  await service.take('c');
  assert.ok(segments(two) > 0);
  await service.shutdown();
  assert.match(service.log(), /3 points stay on disk/);
  assert.deepEqual([await found(t, one), await found(t, two)], [2, 1]);
});

test('an exporter that leaves the file: a line says what stays, and it is sent once it is back', async (t) => {
  const { one } = directories(t);
  const storages = { file_storage: { directory: one } };
  const service = await holding(t, { storages, storage: 'file_storage' });
  await service.change({ endpoint: 'http://127.0.0.1:1', storages, gone: true });
  await until('said', () => /2 points stay on disk, and are sent once otlp_http starts again/.test(service.log()));
  // Another start without it.
  await service.change({ endpoint: 'http://127.0.0.1:1', storages: { 'file_storage/again': { directory: one } }, gone: true });
  await until('named', () => /has \d+ bytes of otlp_http, which no component uses/.test(service.log()));
  const receiver = await startReceiver(t);
  await service.change({ endpoint: receiver.origin, storages, storage: 'file_storage' });
  await until('sent', () => receiver.requests.length === 2);
  assert.deepEqual(pointsAt(receiver), ['a 2 1', 'b 2 1']);
});

test('a reload again and again under load loses nothing', async (t) => {
  const { one } = directories(t);
  const receiver = await startReceiver(t);
  receiver.answer = () => (Math.random() < 0.3 ? { status: 503 } : undefined);
  const storages = { file_storage: { directory: one } };
  const service = await holding(t, { storages, storage: 'file_storage' });
  const names = Array.from({ length: 60 }, (_, at) => `m${at}`);
  let isOver = false;
  const reloads = (async () => {
    for (let at = 0; !isOver; at++)
      await service.change({
        endpoint: `${receiver.origin}/${at}`,
        storages: { file_storage: { directory: one, fsync: at % 2 === 0 } },
        storage: 'file_storage',
      });
  })();
  for (const name of names) await service.take(name);
  isOver = true;
  await reloads;
  const expected = new Set(['a', 'b', ...names].map((name) => `${name} 2 1`));
  await until('sent', () => {
    const there = new Set(pointsAt(receiver));
    return [...expected].every((point) => there.has(point));
  });
});

test('a reload to a queue that is smaller than what waits: all of it is sent, and more is taken once there is room', async (t) => {
  const { one } = directories(t);
  const storages = { file_storage: { directory: one } };
  const service = await holding(t, { storages, storage: 'file_storage' });
  const names = Array.from({ length: 20 }, (_, at) => `m${at}`);
  for (const name of names) await service.take(name);
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const small = { endpoint: receiver.origin, storages, storage: 'file_storage', queue: { queue_size: 2 } };
  await service.change(small);
  await until('tried', () => receiver.requests.length > 3);
  receiver.answers = [{ status: 200 }];
  const refused = receiver.requests.length;
  const there = () => new Set(pointsAt({ requests: receiver.requests.slice(refused - 1) }));
  const expected = ['a', 'b', ...names].map((name) => `${name} 2 1`);
  await until('sent', () => expected.every((point) => there().has(point)));
  await service.take('c');
  await until('sent, too', () => there().has('c 2 1'));
  await service.shutdown();
  assert.equal(await found(t, one), 0);
});

test('reloads under load while the receiver is down, with fsync and without: all of it is sent once it is back', async (t) => {
  const { one } = directories(t);
  const down = { endpoint: 'http://127.0.0.1:1', storage: 'file_storage' };
  const service = await holding(t, { storages: { file_storage: { directory: one } }, storage: 'file_storage' });
  const names = Array.from({ length: 40 }, (_, at) => `m${at}`);
  const taken = (async () => {
    for (const name of names) await service.take(name);
  })();
  for (let at = 0; at < 4; at++)
    await service.change({ ...down, storages: { file_storage: { directory: one, fsync: at % 2 === 0 } } });
  await taken;
  const receiver = await startReceiver(t);
  await service.change({ ...down, endpoint: receiver.origin, storages: { file_storage: { directory: one } } });
  await until('sent', () => new Set(pointsAt(receiver)).size === names.length + 2);
  assert.deepEqual(new Set(pointsAt(receiver)), new Set(['a', 'b', ...names].map((name) => `${name} 2 1`)));
});
