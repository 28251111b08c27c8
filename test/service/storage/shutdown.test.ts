/** A service that ends at any moment names no files as unused that one of its exporters has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderFor } from '../../folder-for.ts';
import { batch, metric } from '../exporters/otlp-http/rig.ts';
import { startFrom } from '../graph/rig.ts';
import { send } from '../receivers/otlp/http-client.ts';

const moments = 30;

function yamlOf(directory: string, timeout: string): string {
  const kept = { sending_queue: { storage: 'file_storage' }, timeout };
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: { prometheus: { endpoint: '127.0.0.1:0' }, 'otlp_http/x': { endpoint: 'http://127.0.0.1:1', ...kept } },
    extensions: { file_storage: { directory, create_directory: true } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      extensions: ['file_storage'],
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus', 'otlp_http/x'] } },
    },
  });
}

/** What it does as it ends. */
const busy = ['starts', 'takes', 'reloads'] as const;

for (const what of busy)
  test(`that ${what}, at ${moments} moments`, async (t) => {
    const directory = folderFor(t)('stored');
    for (let moment = 0; moment < moments; moment++) {
      const service = await startFrom(t, yamlOf(directory, '5s'), undefined, { keep: directory });
      const host = new URL(service.urls().find((url) => url.endsWith('/v1/metrics')) as string).host;
      const body = Buffer.from(batch(metric('m', moment + 1, 1)).bytes);
      const taken =
        what === 'takes'
          ? send(host, { headers: { 'content-type': 'application/x-protobuf' }, body }).catch(() => {})
          : undefined;
      const reloaded = what === 'reloads' ? service.changeTo(yamlOf(directory, '6s')).catch(() => {}) : undefined;
      if (moment > 0) await sleep(moment / 2);
      await service.shutdown();
      await Promise.all([taken, reloaded]);
      assert.doesNotMatch(service.log(), /which no component uses|BUG/, `moment ${moment}`);
    }
  });
