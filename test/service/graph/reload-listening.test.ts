/** A receiver that a reload changes: its port goes on answering, also while requests to the former one are under way. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { freePort } from '../../../examples/demo/free-port.ts';
import { DEADLINE_MS } from '../../until.ts';
import { noOwnMetrics, startFrom } from './rig.ts';

const body = '{"resourceMetrics":[]}';

test('requests under way are answered by the former receiver, all others by the new one', { timeout: DEADLINE_MS }, async (t) => {
  const port = await freePort();
  const yaml = (more: string) => `receivers: {otlp: {protocols: {http: {endpoint: 127.0.0.1:${port}${more}}}}}
exporters: {nop: {}}
service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}`;
  const service = await startFrom(t, yaml(''));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const begin = (own?: Agent): ClientRequest =>
    request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/v1/metrics',
      agent: own,
      headers: { 'content-type': 'application/json' },
    });
  const answer = async (sent: ClientRequest) => {
    sent.end(body.slice(1));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'close');
    return [response.statusCode, response.headers.connection];
  };

  const underWay = begin(agent);
  underWay.write(body[0]);
  await once(underWay, 'socket');
  // The service has its headers once a later request is answered.
  const other = begin();
  other.write(body[0]);
  assert.equal((await answer(other))[0], 200);

  // The former one has 3 s for what is under way, which by this clock never pass.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  assert.equal((await service.changeTo(yaml(', idle_timeout: 50s'))).outcome, 'done');
  const later = begin(new Agent({ keepAlive: true }));
  later.write(body[0]);
  assert.deepEqual(await answer(later), [200, 'keep-alive']);
  // Its connection ends, so that the next request reaches the new one.
  assert.deepEqual(await answer(underWay), [200, 'close']);
  const next = begin(agent);
  next.write(body[0]);
  assert.deepEqual(await answer(next), [200, 'keep-alive']);
});

test('where the new receiver does not start, the former one is made again', async (t) => {
  const [port, taken] = [await freePort(), await startFrom(t, only('127.0.0.1:0'))];
  const other = new URL(taken.urls()[0] as string).host;
  const yaml = (grpc: string) => `receivers: {otlp: {protocols: {http: {endpoint: 127.0.0.1:${port}}${grpc}}}}
exporters: {nop: {}}
service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}`;
  const service = await startFrom(t, yaml(''));
  assert.equal((await service.changeTo(yaml(`, grpc: {endpoint: "${other}"}`))).outcome, 'failed');
  const answered = await fetch(`http://127.0.0.1:${port}/v1/metrics`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(answered.status, 200);
});

function only(endpoint: string): string {
  return `receivers: {otlp: {protocols: {http: {endpoint: "${endpoint}"}}}}
exporters: {nop: {}}
service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}`;
}
