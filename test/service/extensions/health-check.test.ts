/** What the extension health_check says from start to end, by a clock of the test. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { ExtensionContext } from '../../../src/service/component.ts';
import { createHealthCheck } from '../../../src/service/extensions/health-check/create.ts';
import { defaultLimits } from '../../../src/service/limits.ts';

const start = Date.parse('2026-11-22T21:00:00Z');
const unavailable = { status: 'Server not available', upSince: '0001-01-01T00:00:00Z', uptime: '' };

test('health_check is unavailable but between ready and draining, and writes durations as Go does', async (t) => {
  let now = start;
  let url = '';
  const context = {
    id: 'health_check',
    limits: defaultLimits,
    clock: () => now,
    listening(where: string) {
      url = where;
    },
  } as ExtensionContext;
  const settings = { endpoint: { host: 'localhost', port: 0 }, path: '/', response_body: undefined };
  const extension = createHealthCheck(settings as never, context);
  await extension.start();
  t.after(() => extension.shutdown());
  const asked = async () => {
    const answer = await fetch(url);
    return { status: answer.status, body: await answer.json() };
  };

  assert.deepEqual(await asked(), { status: 503, body: unavailable });
  extension.ready?.();
  // Go's `time.Duration.String`.
  for (const [ms, uptime] of [
    [46, '46ms'],
    [61_200, '1m1.2s'],
    [3_600_000, '1h0m0s'],
  ] as const) {
    now = start + ms;
    const body = { status: 'Server available', upSince: '2026-11-22T21:00:00.000Z', uptime };
    assert.deepEqual(await asked(), { status: 200, body });
  }
  extension.draining?.();
  assert.deepEqual(await asked(), { status: 503, body: unavailable });
});
