/** The scope's labels on a host's page, whichever engine records. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter } from '../../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';

const declared = contract('shop', { sold: counter({ help: 'Sold.' }) });

for (const engine of [undefined, sdkEngine()]) {
  test(`from the first sample on, and never on a contract's series: ${engine?.name ?? 'store'}`, async () => {
    const { bridge, metrics } = testBridge(declared, engine === undefined ? {} : { engine });
    metrics.sold.add(1);
    const duration = (name: string, version?: string) =>
      bridge.meterProvider.getMeter(name, version).createHistogram('http.client.request.duration', {
        unit: 's',
        advice: { explicitBucketBoundaries: [] },
      });
    duration('http', '0.301.0').record(1, { method: 'GET' });
    // An instrument outside the contract, though its meter has the contract's name.
    bridge.meterProvider.getMeter('shop').createCounter('shop.visits').add(1);
    const series = async () =>
      (await bridge.gather()).flatMap(({ samples }) =>
        samples.filter(({ name }) => !/_(bucket|sum)$/.test(name)).map(({ name, labels }) => [name, Object.fromEntries(labels)]),
      );
    const sold = ['shop_sold_total', {}];
    const visits = ['shop_visits_total', { otel_scope_name: 'shop', otel_scope_version: '' }];
    const http = [
      'http_client_request_duration_seconds_count',
      { method: 'GET', otel_scope_name: 'http', otel_scope_version: '0.301.0' },
    ];
    assert.deepEqual(new Set(await series()), new Set([sold, http, visits]));
    duration('undici', '0.23.0').record(1, { method: 'GET' });
    const undici = [http[0], { method: 'GET', otel_scope_name: 'undici', otel_scope_version: '0.23.0' }];
    assert.deepEqual(new Set(await series()), new Set([sold, http, undici, visits]));
  });
}
