/**
 * Two exporters of two pipelines, whose queues share a directory: each has its own, also when reloads replace both under load,
 * and at the next start.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderFor } from '../../folder-for.ts';
import { until } from '../../until.ts';
import { type Receiver, startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric } from '../exporters/otlp-http/rig.ts';
import { startFrom } from '../graph/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';
import { pointsAt } from './stored-rig.ts';

const sides = ['a', 'b'] as const;
type Side = (typeof sides)[number];
type PerSide<T> = Readonly<Record<Side, T>>;

function perSide<T>(of: (side: Side) => T): PerSide<T> {
  return { a: of('a'), b: of('b') };
}

const bySide = <T>(kind: string, of: PerSide<T>) => Object.fromEntries(sides.map((side) => [`${kind}/${side}`, of[side]]));

function yamlOf(directory: string, endpoints: PerSide<string>, storage: object = {}): string {
  const exporter = (endpoint: string) => ({
    endpoint,
    sending_queue: { storage: 'file_storage', num_consumers: 1 },
    retry_on_failure: { initial_interval: '1ms', max_interval: '1ms' },
  });
  return JSON.stringify({
    receivers: bySide(
      'otlp',
      perSide(() => ({ protocols: { http: { endpoint: '127.0.0.1:0' } } })),
    ),
    exporters: bySide(
      'otlp_http',
      perSide((side) => exporter(endpoints[side])),
    ),
    extensions: { file_storage: { directory, ...storage } },
    service: {
      extensions: ['file_storage'],
      pipelines: bySide(
        'metrics',
        perSide((side) => ({ receivers: [`otlp/${side}`], exporters: [`otlp_http/${side}`] })),
      ),
      telemetry: { metrics: { level: 'none' } },
    },
  });
}

async function take(url: string | undefined, name: string): Promise<void> {
  const { bytes: body } = batch(metric(name, 2, 1, { temporality: 1 }));
  const { status } = await send(new URL(url ?? '').host, { headers: { 'content-type': 'application/x-protobuf' }, body });
  assert.equal(status, 200, name);
}

const namesAt = (receiver: Receiver) => new Set(pointsAt(receiver).map((point) => point.split(' ')[0] ?? ''));
const namesOf = (side: Side, count: number) => Array.from({ length: count }, (_, at) => `${side}${at}`);

test('each exporter sends its own, and all of it, while both are replaced', async (t) => {
  const directory = folderFor(t)('');
  const receivers = { a: await startReceiver(t), b: await startReceiver(t) };
  for (const side of sides) receivers[side].answer = () => (Math.random() < 0.3 ? { status: 503 } : undefined);
  const endpoints = (path: string) => perSide((side) => `${receivers[side].origin}/${path}`);
  const service = await startFrom(t, yamlOf(directory, endpoints('0')));
  const [urlOfA, urlOfB] = service.urls();
  let reloads = 0;
  let loading = sides.length;
  /** Returns what was accepted: some of it behind several reloads. */
  async function load(url: string | undefined, side: Side): Promise<readonly string[]> {
    let at = 0;
    try {
      while (at < 40 || reloads < 4) await take(url, `${side}${at++}`);
    } finally {
      loading--;
    }
    return namesOf(side, at);
  }
  const loads = Promise.all([load(urlOfA, 'a'), load(urlOfB, 'b')]);
  do {
    const yaml = yamlOf(directory, endpoints(String(reloads + 1)), { fsync: reloads % 2 === 0 });
    const { outcome, lines } = await service.changeTo(yaml);
    assert.equal(outcome, 'done', lines.join('\n'));
    reloads++;
  } while (loading > 0);
  for (const [at, accepted] of (await loads).entries()) {
    const receiver = receivers[sides[at] as Side];
    await until(`all of ${sides[at]}`, () => namesAt(receiver).size >= accepted.length);
    assert.deepEqual([...namesAt(receiver)].toSorted(), accepted.toSorted());
  }
});

test('what waits for either at the end is sent to the same one at the next start', async (t) => {
  const directory = folderFor(t)('');
  const before = await startFrom(t, yamlOf(directory, { a: 'http://127.0.0.1:1', b: 'http://127.0.0.1:1' }));
  const [urlOfA, urlOfB] = before.urls();
  for (const at of [0, 1, 2]) {
    await take(urlOfA, `a${at}`);
    await take(urlOfB, `b${at}`);
  }
  await before.shutdown();
  const receivers = { a: await startReceiver(t), b: await startReceiver(t) };
  await startFrom(
    t,
    yamlOf(
      directory,
      perSide((side) => receivers[side].origin),
    ),
  );
  for (const side of sides) {
    await until(`all of ${side}`, () => receivers[side].requests.length === 3);
    assert.deepEqual(
      pointsAt(receivers[side]),
      namesOf(side, 3).map((name) => `${name} 2 1`),
    );
  }
});

test('an outage of one holds up nothing of the other, and all of it is sent once it is over', async (t) => {
  const directory = folderFor(t)('');
  const receivers = { a: await startReceiver(t, [{ status: 503 }]), b: await startReceiver(t) };
  const service = await startFrom(
    t,
    yamlOf(
      directory,
      perSide((side) => receivers[side].origin),
      { fsync: true },
    ),
  );
  const [urlOfA, urlOfB] = service.urls();
  for (let at = 0; at < 20; at++) {
    await take(urlOfA, `a${at}`);
    await take(urlOfB, `b${at}`);
  }
  await until('all of b', () => receivers.b.requests.length === 20);
  assert.deepEqual([...namesAt(receivers.a)], ['a0']);
  receivers.a.answers = [{ status: 200 }];
  const refused = receivers.a.requests.length;
  await until('all of a', () => namesAt(receivers.a).size === 20);
  assert.deepEqual(
    pointsAt({ requests: receivers.a.requests.slice(refused) }).filter((point, at, all) => all.indexOf(point) !== at),
    [],
  );
});
