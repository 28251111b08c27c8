/** The directory goes away while a service runs: nothing is acknowledged that is not in it, and the service goes on once it is back. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf } from '../../conformance/child.ts';
import { folderFor } from '../../folder-for.ts';
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

async function rig(t: TestContext, which: keyof typeof services) {
  const directory = folderFor(t)('storage');
  mkdirSync(directory);
  const receiver = await startReceiver(t);
  const arrived: string[] = [];
  receiver.answer = ({ body }) => {
    arrived.push(
      ...(Buffer.from(body)
        .toString('latin1')
        .match(/point_\d+/g) ?? []),
    );
    return { status: 200 };
  };
  const { exporters, extensions } = services[which];
  const text = JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: {
      ...(which === 'kept' && { prometheus: { endpoint: '127.0.0.1:0' } }),
      ...(which === 'queue' && {
        otlp_http: {
          endpoint: receiver.origin,
          compression: 'none',
          sending_queue: { storage: 'file_storage' },
          retry_on_failure: { initial_interval: '2ms', max_interval: '2ms' },
        },
      }),
    },
    extensions: { ...(which === 'queue' && { file_storage: { directory } }) },
    service: { telemetry: { metrics: { level: 'none' } }, extensions, pipelines: { metrics: { receivers: ['otlp'], exporters } } },
  });
  const service = await startFrom(t, text, undefined, which === 'kept' ? { keep: directory } : {});
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
    /** Points that are sent on, or shown. */
    points: async () => new Set(which === 'queue' ? arrived : (await bodyOf(service.urls()[0] as string))?.match(/point_\d+/g)),
  };
}

for (const which of ['queue', 'kept'] as const)
  for (const replaced of [false, true])
    test(`${which}: 503 while it is moved away${replaced ? ', with another one in its place' : ''}; what was acknowledged is there`, {
      skip,
    }, async (t) => {
      const { directory, service, post, points } = await rig(t, which);
      assert.equal(await post(1), 200);
      renameSync(directory, `${directory}-away`);
      if (replaced) mkdirSync(directory);
      await sleep(lookedAgainMs);
      for (const point of [2, 3, 4]) assert.equal(await post(point), 503);
      if (replaced) renameSync(directory, `${directory}-empty`);
      renameSync(`${directory}-away`, directory);
      await sleep(lookedAgainMs);
      assert.equal(await post(5), 200);
      const shown = ['point_1', 'point_5'];
      await until('acknowledged points arrive', async () => {
        const seen = await points();
        return shown.every((point) => seen.has(point));
      });
      assert.deepEqual([...(await points())].sort(), shown);
      assert.equal(service.log().match(/was deleted, moved, mounted over or taken by another process/g)?.length, 1);
      assert.equal(service.log().match(/is back, and is used again/g)?.length, 1);
      await service.shutdown();
    });
