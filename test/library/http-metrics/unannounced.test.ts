import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unannounced } from '../../../src/library/http-metrics/node-http.ts';

test('a runtime whose servers announce no request is named, with what to use instead', () => {
  assert.equal(unannounced(), undefined);
  assert.match(unannounced({ bun: '1.4.5' }) ?? '', /everyServer: Bun 1\.4\.5 announces no requests .* Fix: .*http\.watch\(\)/);
});
