import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { requestsOf } from '../../bench/ingest/payloads.ts';
import { readBatch } from '../../src/formats/otlp/batch/batch.ts';
import { createRig } from '../service/received/rig.ts';

for (const kind of ['gauge', 'histogram'] as const)
  for (const gzip of [false, true])
    test(`the requests of ${kind}s${gzip ? ', compressed,' : ''} are whole, and each series is in one of them`, () => {
      const load = { kind, points: 100, series: 1_000, attributes: 4, gzip } as const;
      const { received } = createRig();
      const requests = [...requestsOf(load, 1_795_357_530_000), ...requestsOf(load, 1_795_357_531_000, 500, 500)];
      assert.equal(requests.length, 15);
      for (const request of requests) {
        const batch = readBatch(gzip ? gunzipSync(request) : request);
        assert.deepEqual([batch.points, batch.rejected], [100, 0]);
        assert.equal(received.take(batch), undefined);
      }
      assert.deepEqual([received.series, received.streams, received.tally.taken], [1_000, 1_000, 1_500]);
    });
