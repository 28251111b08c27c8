/**
 * What `@opentelemetry/api` 1.10 does with meters that were asked for before anybody registered a provider. Pinned, because the
 * documentation says so.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from '@opentelemetry/api';
import { collected, providers } from './provider.ts';

test('the API has no proxy for meters: what was asked for before a provider was registered stays without effect', async (t) => {
  const { metrics } = api;
  const provided = providers.store();
  t.after(() => metrics.disable());
  const early = metrics.getMeter('early');
  const counter = early.createCounter('early.counter');
  assert.equal(metrics.setGlobalMeterProvider(provided.provider), true);
  counter.add(1);
  early.createCounter('early.later').add(2);
  metrics.getMeter('late').createCounter('late').add(4);
  // Should this fail after an upgrade of the API: rejoice, and rewrite "Beside an SDK of your own" in docs/recording.md.
  assert.deepEqual(await collected(provided), { 'late{}': 4 });
  assert.deepEqual(
    Object.keys(api).filter((name) => /^Proxy.*Meter/.test(name)),
    [],
  );
  // A tracer has one, so the test looks for the right thing.
  assert.ok('ProxyTracerProvider' in api);
});
