/** A thousand random batches, over HTTP and gRPC, in JSON and protobuf. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request as generated } from '../../formats/otlp/generated.ts';
import { call, frame, session } from '../../service/receivers/otlp/grpc-client.ts';
import { send } from '../../service/receivers/otlp/http-client.ts';
import { assertSame, linesOf } from './page.ts';
import { randomRequests } from './random.ts';
import type { Request } from './requests.ts';
import { sendJson } from './send.ts';
import { askBoth, type Side, startTwin } from './twin.ts';

const batches = 1_000;
const seed = Number(process.env.METERBRIDGE_SEED ?? 1);
/** Of a request; pages are compared after so many requests. */
const batchesARequest = 4;
const requestsAPage = 50;
/** What is compared. */
const only = 'yaml:service::pipelines::metrics::exporters: [prometheus/plain, prometheus/adorned]';

test('a thousand random batches', async (t) => {
  const twin = await startTwin(t, [only]);
  if (twin === undefined) return;
  t.diagnostic(`METERBRIDGE_SEED=${seed}`);
  const sessions = await askBoth(twin, ({ grpc }) => session(t, grpc));
  const all = randomRequests(batches, seed);
  const requests = Array.from({ length: batches / batchesARequest }, (_, at) => ({
    resourceMetrics: all
      .slice(at * batchesARequest, (at + 1) * batchesARequest)
      .flatMap(({ resourceMetrics }) => resourceMetrics),
  }));

  const ways: readonly ((side: Side, request: Request) => Promise<void>)[] = [
    sendJson,
    async ({ http }, request) => {
      const headers = { 'content-type': 'application/x-protobuf' };
      assert.equal((await send(http, { headers, body: protobufOf(request) })).status, 200);
    },
    async ({ name }, request) => assert.equal((await call(sessions[name], frame(protobufOf(request)))).grpcStatus, 0),
  ];

  for (const [at, request] of requests.entries()) {
    await askBoth(twin, (side) => (ways[at % ways.length] as (typeof ways)[0])(side, request));
    if ((at + 1) % requestsAPage !== 0) continue;
    for (const name of ['plain', 'adorned'] as const)
      for (const format of ['text', 'openmetrics'] as const)
        assertSame(
          await askBoth(twin, async (side) => linesOf(await side.page(name, format), format)),
          `${name} ${format} after request ${at + 1}`,
        );
  }
});

function protobufOf(request: Request): Uint8Array {
  return generated.encode(generated.fromObject(request)).finish();
}
