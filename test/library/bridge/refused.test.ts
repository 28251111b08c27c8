/** What a gate refuses is counted among Meterbridge's own metrics, wherever the listener runs, and costs no callback. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { bearer, guarded, secret, unauthorized } from '../../../src/access.ts';
import { contract, gauge, meterbridge } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { ask } from '../../net/access/request-as.ts';
import { until } from '../../until.ts';

const access = { gate: bearer(secret('good')), refusal: unauthorized() };
const counted = (page: string) => /^meterbridge_requests_refused_total\{reason="wrong"\} (\d+)$/m.exec(page)?.[1];

for (const thread of [false, true]) {
  test(`a listener in ${thread ? 'a thread of its own' : 'the host’s thread'}`, async (t) => {
    const daemon = contract('refusing', { queue: gauge({ observed: true, unit: '{job}', help: 'Queue.' }) });
    const { bridge } = testBridge(daemon, { selfMetrics: true });
    t.after(() => bridge.close());
    let collections = 0;
    bridge.metrics.queue.observe(() => {
      collections += 1;
      return 7;
    });
    let told = 0;
    const onRefused = ({ count }: { readonly count: number }): void => {
      told += count;
    };
    const { address } = await bridge.listen('127.0.0.1:0', { thread, access, onRefused });
    for (let n = 0; n < 3; n++) assert.equal((await ask(address.port, { authorization: 'Bearer bad' })).status, 401);
    await until('told', () => told >= 3);
    assert.equal(collections, 0);
    const { status, body } = await ask(address.port, { authorization: 'Bearer good', lines: ['Accept: text/plain'] });
    assert.deepEqual([status, counted(body), collections], [200, '3', 1]);
    assert.match(body, /^meterbridge_requests_refused_total\{reason="address"\} 0$/m);
    assert.match(body, /^refusing_queue 7$/m);
  });
}

test('a scrape that is guarded elsewhere hands its refusals to the bridge', async (t) => {
  const bridge = meterbridge(contract('guarded_elsewhere', {}), {
    isolated: true,
    push: false,
    selfMetrics: true,
    log: () => {},
  });
  t.after(() => bridge.close());
  const handler = guarded(bridge.scrape, access, bridge);
  const request = (token: string) => ({
    method: 'GET',
    path: '/metrics',
    query: new URLSearchParams(),
    header: (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined),
    peer: '127.0.0.1',
  });
  assert.equal((await handler(request('bad'))).status, 401);
  assert.equal(counted(Buffer.from((await handler(request('good'))).body).toString()), '1');
});
