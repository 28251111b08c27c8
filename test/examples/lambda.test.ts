/** A process that serves several invocations, warm and frozen in between: each one's total has arrived before its answer. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

/** A push has as long, which a busy machine may need. */
const intervalMs = 5_000;

async function open(t: TestContext) {
  const totals: number[] = [];
  const receiver = createServer(async (request, response) => {
    const body = JSON.parse((await request.setEncoding('utf8').toArray()).join(''));
    const { metrics } = body.resourceMetrics[0].scopeMetrics[0];
    const { sum } = metrics.find(({ name }: { name: string }) => name === 'shop.orders');
    // OTLP: 2 is AGGREGATION_TEMPORALITY_CUMULATIVE.
    assert.equal(sum.aggregationTemporality, 2);
    totals.push(sum.dataPoints[0].asDouble ?? Number(sum.dataPoints[0].asInt));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  t.after(() => receiver.close());
  const child = fork(join(import.meta.dirname, 'lambda-runtime.ts'), {
    execArgv: ['--conditions=meterbridge-source'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: String(intervalMs),
    },
  });
  t.after(() => child.kill('SIGKILL'));
  return {
    child,
    receiver,
    /** Returns the last total that has arrived at the moment of the answer. */
    async invoke(orders: number) {
      const answered = once(child, 'message');
      child.send({ orders });
      assert.deepEqual((await answered)[0], { statusCode: 201 });
      return totals.at(-1);
    },
  };
}

test('lambda.ts, warm: each invocation has pushed the total before it answers', async (t) => {
  const { invoke } = await open(t);
  assert.deepEqual([await invoke(1), await invoke(2), await invoke(4)], [1, 3, 7]);
});

test('lambda.ts, frozen between invocations', { skip: process.platform === 'win32' }, async (t) => {
  const { child, receiver, invoke } = await open(t);
  assert.equal(await invoke(1), 1);
  child.kill('SIGSTOP');
  // Longer than the interval, and what was connected is no longer.
  await sleep(1.25 * intervalMs);
  receiver.closeAllConnections();
  child.kill('SIGCONT');
  assert.deepEqual([await invoke(2), await invoke(4)], [3, 7]);
});
