import type { IncomingMessage } from 'node:http';
import { expect, test } from 'tstyche';
import { httpServerMetrics } from '../../src/http-metrics.ts';
import { type BridgeOptions, capped, contract, counter, meterbridge, oneOf } from '../../src/index.ts';
import { runtimeMetrics } from '../../src/runtime-metrics.ts';

const bridge = meterbridge(contract('t', { runs: counter({ help: 'Runs.' }) }));

test('HTTP metrics take names that exist, and what they skip as paths or a function', () => {
  expect(httpServerMetrics).type.toBeCallableWith(bridge);
  expect(httpServerMetrics).type.toBeCallableWith(bridge, { names: 'fastify-metrics', healthChecks: false, skip: ['/static/*'] });
  expect(httpServerMetrics).type.toBeCallableWith(bridge, { skip: ({ url }: IncomingMessage) => url === '/' });
  expect(httpServerMetrics).type.not.toBeCallableWith(bridge, { names: 'prom-client' });
  expect(httpServerMetrics).type.not.toBeCallableWith(bridge, { skip: '/static/*' });
  expect(httpServerMetrics).type.not.toBeCallableWith(bridge, { prefix: 'app_' });
  expect(httpServerMetrics).type.not.toBeCallableWith({});
});

test('own labels: the function returns each of them, with values of the set', () => {
  const labels = { tenant: capped({ limit: 20 }), plan: oneOf('free', 'paid') };
  expect(httpServerMetrics<typeof labels>).type.toBeCallableWith(bridge, {
    labels,
    values: () => ({ tenant: 'a', plan: 'free' as const }),
  });
  expect(httpServerMetrics<typeof labels>).type.not.toBeCallableWith(bridge, { labels, values: () => ({ tenant: 'a' }) });
  expect(httpServerMetrics<typeof labels>).type.not.toBeCallableWith(bridge, {
    labels,
    values: () => ({ tenant: 'a', plan: 'gold' as const }),
  });
  expect(httpServerMetrics<typeof labels>).type.not.toBeCallableWith(bridge, {
    labels,
    values: () => ({ tenant: 7, plan: 'free' as const }),
  });
});

test('runtime metrics take names that exist, and return what stops them', () => {
  expect(runtimeMetrics(bridge)).type.toBe<() => void>();
  expect(runtimeMetrics).type.toBeCallableWith(bridge, { names: 'prom-client' });
  expect(runtimeMetrics).type.not.toBeCallableWith(bridge, { names: 'fastify-metrics' });
  expect(runtimeMetrics).type.not.toBeCallableWith(bridge, { timeout: 1_000 });
});

test('`strict` is on or off', () => {
  expect<BridgeOptions>().type.toBeAssignableFrom({ strict: true });
  expect<BridgeOptions>().type.not.toBeAssignableFrom({ strict: 'yes' });
});

test('a label is optional or not', () => {
  expect(capped).type.toBeCallableWith({ limit: 5, optional: true });
  expect(capped).type.not.toBeCallableWith({ optional: 'yes' });
});

test('a listener has a page for development, or outright', () => {
  expect(bridge.listen).type.toBeCallableWith('127.0.0.1:0', { page: true });
  expect(bridge.listen).type.toBeCallableWith('127.0.0.1:0', { page: 'always' });
  expect(bridge.listen).type.not.toBeCallableWith('127.0.0.1:0', { page: 'production' });
});
