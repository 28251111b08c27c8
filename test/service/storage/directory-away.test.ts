/**
 * The directory goes away while a service runs: nothing is acknowledged that is not in it, and the service goes on once it is
 * back.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf } from '../../conformance/child.ts';
import { folderFor } from '../../folder-for.ts';
import { mount } from '../../mounts.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { startFrom } from '../graph/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';

const skip = process.platform === 'win32';
/** What was found before is good for less. */
const lookedAgainMs = 150;
const services = {
  queue: { exporters: ['otlp_http'], extensions: ['file_storage'] },
  kept: { exporters: ['prometheus'], extensions: [] },
};

const pointsIn = (text = ''): readonly string[] => text.match(/point_\d+/g) ?? [];

/** Returns what brings the directory back. Undefined: this cannot be done here. */
const ways: Readonly<Record<string, (directory: string, t: TestContext) => (() => void) | undefined>> = {
  'moved away': (directory) => {
    renameSync(directory, `${directory}-away`);
    return () => renameSync(`${directory}-away`, directory);
  },
  'moved away, and another one is in its place': (directory) => {
    renameSync(directory, `${directory}-away`);
    mkdirSync(directory);
    return () => {
      renameSync(directory, `${directory}-empty`);
      renameSync(`${directory}-away`, directory);
    };
  },
  'deleted, and comes back from a copy': (directory) => {
    cpSync(directory, `${directory}-copy`, { recursive: true, filter: (path) => !path.endsWith('.lock') });
    rmSync(directory, { recursive: true });
    return () => renameSync(`${directory}-copy`, directory);
  },
  'mounted over': (directory, t) => {
    mkdirSync(`${directory}-empty`);
    return mount(t, 'bind', `${directory}-empty`, directory)?.end;
  },
};

async function rig(t: TestContext, which: keyof typeof services) {
  const folder = folderFor(t)('storage');
  const directory = join(folder, 'held');
  mkdirSync(directory, { recursive: true });
  const receiver = await startReceiver(t);
  const arrived: string[] = [];
  let isUp = false;
  receiver.answer = ({ body }) => {
    if (isUp) arrived.push(...pointsIn(Buffer.from(body).toString('latin1')));
    return { status: isUp ? 200 : 503 };
  };
  const { exporters, extensions } = services[which];
  const start = (at: string) => {
    const text = JSON.stringify({
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
      exporters: {
        ...(which === 'kept' && { prometheus: { endpoint: '127.0.0.1:0' } }),
        ...(which === 'queue' && {
          otlp_http: {
            endpoint: receiver.origin,
            compression: 'none',
            sending_queue: { storage: 'file_storage' },
            retry_on_failure: { initial_interval: '2ms', max_interval: '100ms' },
          },
        }),
      },
      extensions: { ...(which === 'queue' && { file_storage: { directory: at } }) },
      service: {
        telemetry: { metrics: { level: 'none' } },
        extensions,
        pipelines: { metrics: { receivers: ['otlp'], exporters } },
      },
    });
    return startFrom(t, text, undefined, which === 'kept' ? { keep: at } : {});
  };
  const service = await start(directory);
  const otlp = service.urls().at(-1) as string;
  const post = async (point: number) => {
    const metrics = [{ name: `point_${point}`, gauge: { dataPoints: [{ timeUnixNano: '1', asInt: '1' }] } }];
    const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
    return (await send(new URL(otlp).host, { headers: { 'content-type': 'application/json' }, body })).status;
  };
  return {
    directory,
    service,
    post,
    /** What a service shows, or sends, that starts with what is in the directory now. */
    async points(): Promise<() => Promise<readonly string[]>> {
      const copy = join(folder, 'copy');
      cpSync(directory, copy, { recursive: true, filter: (path) => !path.endsWith('.lock') });
      await service.shutdown();
      isUp = true;
      const next = await start(copy);
      return async () => [...new Set(which === 'queue' ? arrived : pointsIn(await bodyOf(next.urls()[0] as string)))].sort();
    },
  };
}

for (const which of ['queue', 'kept'] as const)
  for (const [way, take] of Object.entries(ways))
    test(`${which}: 503 while the directory is ${way}; what was acknowledged is there`, { skip }, async (t) => {
      const { directory, service, post, points } = await rig(t, which);
      assert.equal(await post(1), 200);
      const bringBack = take(directory, t);
      if (bringBack === undefined) return;
      await sleep(lookedAgainMs);
      for (const point of [2, 3, 4]) assert.equal(await post(point), 503);
      bringBack();
      await sleep(lookedAgainMs);
      assert.equal(await post(5), 200);
      assert.equal(service.log().match(/was deleted, moved, mounted over or taken by another process/g)?.length, 1);
      assert.equal(service.log().match(/is back, and is used again/g)?.length, 1);
      assert.match(service.log(), /DirectoryLost: .* Fix: put the directory back/);
      const seen = await points();
      const acknowledged = ['point_1', 'point_5'];
      await until('acknowledged points are there', async () => (await seen()).length >= acknowledged.length);
      assert.deepEqual(await seen(), acknowledged);
    });

test('a directory that was away while nothing came has other files, too', { skip }, async (t) => {
  const { directory, service, post, points } = await rig(t, 'queue');
  assert.equal(await post(1), 200);
  const bringBack = ways['deleted, and comes back from a copy']?.(directory, t);
  await until('it is seen', () => service.log().includes('was deleted'));
  bringBack?.();
  await until('it is seen', () => service.log().includes('is back'));
  assert.equal(await post(2), 200);
  const seen = await points();
  await until('acknowledged points are there', async () => (await seen()).length === 2);
});
