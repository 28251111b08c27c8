/**
 * What Prometheus stores is what was recorded, from stock SDKs through the service: with gaps, repeats, and restarts on either
 * side.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { keptService } from '../../service/keep/kept-service.ts';
import { inReverse } from '../in-reverse.ts';
import type { Random } from '../random.ts';
import { startService } from '../service.ts';
import { createSender, type Temporality } from './sender.ts';
import { assertStored, generatorFor } from './stored.ts';
import { kinds, type Measurement, measurements, truthOf } from './truth.ts';

type Parts = readonly (readonly Measurement[])[];

/** Of gauges that a push has both spellings of, none is the newer one. */
const some = (generator: Random, count: number) => measurements(generator, count, kinds, ['now']);

/** One export each. */
async function sendAll(endpoint: string, parts: Parts, temporality: Temporality, job: string): Promise<void> {
  const sender = createSender(endpoint, temporality, job);
  for (const part of parts) await sender.send(part);
  await sender.end();
}

/** Sends each request on twice, as for a sender that has not seen the first response. */
async function twice(t: TestContext, endpoint: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const headers = {
      'content-type': request.headers['content-type'] ?? '',
      'content-encoding': request.headers['content-encoding'] ?? 'identity',
    };
    const send = () => fetch(`${endpoint}${request.url}`, { method: 'POST', headers, body });
    await send();
    const { status } = await send();
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  inReverse(t)(async () => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what Prometheus stores is what was recorded, through the service', async (t) => {
  const generator = generatorFor(t);
  if (generator === undefined) return;
  const {
    endpoint,
    page: url,
    count,
    log,
  } = await startService(t, { prometheus: { endpoint: '127.0.0.1:0', enable_open_metrics: true } });
  const parts = [1, 2, 3].map(() => some(generator, 100));
  // So few that most pushes leave most series out.
  const sparse = Array.from({ length: 40 }, () => some(generator, 8));
  const lives = [1, 2, 3].map(() => [1, 2].map(() => measurements(generator, 60, ['count', 'time'])));
  // A cumulative series is that of its sender's present life, and one that this life has not is the former one's until it
  // expires.
  const alike = [1, 2].map(() => [measurements(generator, 100, kinds, kinds)]);
  await sendAll(endpoint, parts, 'CUMULATIVE', 'cumulative');
  await sendAll(endpoint, parts, 'DELTA', 'deltas');
  await sendAll(endpoint, sparse, 'DELTA', 'sparse');
  await sendAll(await twice(t, endpoint), parts, 'DELTA', 'twice');
  await sendAll(await twice(t, endpoint), parts, 'CUMULATIVE', 'twice-cumulative');
  for (const life of lives) await sendAll(endpoint, life, 'DELTA', 'restarts');
  for (const life of alike) await sendAll(endpoint, life, 'CUMULATIVE', 'restarts-cumulative');
  const page = (job: string, all: Parts) => ({ url, job, truth: truthOf(all.flat()) });
  await assertStored(t, {
    'cumulative points': page('cumulative', parts),
    deltas: page('deltas', parts),
    'deltas with gaps': page('sparse', sparse),
    'deltas that are sent twice': page('twice', parts),
    'cumulative points that are sent twice': page('twice-cumulative', parts),
    'deltas of a sender that restarts': page('restarts', lives.flat()),
    'cumulative points of a sender that restarts': {
      ...page('restarts-cumulative', []),
      truth: new Map(alike.flatMap((life) => [...truthOf(life.flat())])),
    },
  });
  assert.ok((await count('meterbridge_delta_gaps')) > 0);
  assert.equal(await count('meterbridge_points_not_taken'), 0, log());
});

test('what Prometheus stores is what was recorded, also where the service is killed and ends between pushes', async (t) => {
  const generator = generatorFor(t);
  if (generator === undefined) return;
  const service = await keptService(t);
  const parts = [1, 2, 3].map(() => some(generator, 60));
  const senders = (['CUMULATIVE', 'DELTA'] as const).map((temporality) =>
    createSender(`http://${service.host}`, temporality, temporality),
  );
  for (const [index, part] of parts.entries()) {
    await service.start();
    for (const sender of senders) await sender.send(part);
    if (index === 0) await service.kill();
    else if (index === 1) await service.stop();
  }
  const page = (job: Temporality) => ({ url: service.page, job, truth: truthOf(parts.flat()) });
  await assertStored(t, { 'cumulative points': page('CUMULATIVE'), deltas: page('DELTA') });
  for (const sender of senders) await sender.end();
});
