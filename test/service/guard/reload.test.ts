/** A reload that replaces an authenticator: servers that stay ask the new one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noOwnMetrics, startFrom } from '../graph/rig.ts';

const yaml = (token: string) => `
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:0', auth: {authenticator: bearertokenauth}}}}}
exporters: {nop: }
extensions: {bearertokenauth: {token: ${token}}}
service: {${noOwnMetrics}, extensions: [bearertokenauth], pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}`;

test('a token that a reload replaces counts at once, and the former one no longer', async (t) => {
  const rig = await startFrom(t, yaml('one'));
  const [url = ''] = rig.urls();
  const asked = async (token: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return (await fetch(url, { method: 'POST', headers, body: '{}' })).status;
  };
  assert.deepEqual([await asked('one'), await asked('two')], [200, 401]);
  const { outcome } = await rig.changeTo(yaml('two'));
  assert.equal(outcome, 'done');
  assert.deepEqual(rig.urls(), [url], 'the receiver stayed');
  assert.deepEqual([await asked('one'), await asked('two')], [401, 200]);
});
