/** A reload that changes what a receiver's requests are held to. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { noOwnMetrics, startFrom } from './rig.ts';

const withToken = (
  token: string,
) => `{receivers: {otlp: {protocols: {http: {endpoint: "localhost:0", auth: {authenticator: bearertokenauth}}}}}, exporters: {nop: },
  extensions: {bearertokenauth: {token: ${token}}},
  service: {extensions: [bearertokenauth], ${noOwnMetrics}, pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}}`;

test('another token counts from the reload on, at the same listener', async (t) => {
  const service = await startFrom(t, withToken('first'));
  const [url = ''] = service.urls();
  const status = async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: '{}' })).status;
  };
  assert.deepEqual([await status('first'), await status('second')], [200, 401]);
  assert.deepEqual((await service.changeTo(withToken('second'))).lines, ['replaced: extension bearertokenauth', 'kept: 2 of 3']);
  assert.deepEqual([await status('first'), await status('second')], [401, 200]);
  // What is wrong is said without the secret.
  const { outcome, lines } = await service.changeTo(withToken('third').replace('token:', 'tokne:'));
  assert.equal(outcome, 'wrong');
  assert.doesNotMatch(lines.join('\n') + service.log(), /first|second|third/);
  assert.deepEqual([await status('first'), await status('second')], [401, 200]);
});
