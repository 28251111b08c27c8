/** When the service says that it is alive: sd_watchdog_enabled(3). */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { State } from '../../../src/tools/cli/notify.ts';
import { startWatchdog } from '../../../src/tools/cli/watchdog.ts';

const minute = { WATCHDOG_USEC: '60000000' };

function watched(t: TestContext, env: Readonly<Record<string, string>>) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const said: State[] = [];
  const waiting: (() => void)[] = [];
  const end = startWatchdog((state) => {
    said.push(state);
    return new Promise((resolve) => waiting.push(resolve));
  }, env);
  return {
    said,
    end,
    pass: (ms: number) => t.mock.timers.tick(ms),
    /** systemd has heard. */
    async heard() {
      for (const resolve of waiting.splice(0)) resolve();
      await Promise.resolve();
    },
  };
}

for (const [what, env] of [
  ['this process is not named', minute],
  ['this process is named', { ...minute, WATCHDOG_PID: String(process.pid) }],
] as const) {
  test(`every third of the time, while it runs: ${what}`, async (t) => {
    const { said, end, pass, heard } = watched(t, env);
    pass(19_999);
    assert.deepEqual(said, []);
    pass(1);
    assert.deepEqual(said, ['WATCHDOG=1']);
    await heard();
    pass(20_000);
    assert.equal(said.length, 2);
    await heard();
    end();
    pass(60_000);
    assert.equal(said.length, 2);
  });
}

test('a notification that takes long has no second one behind it', async (t) => {
  const { said, pass, heard } = watched(t, minute);
  pass(60_000);
  assert.equal(said.length, 1);
  await heard();
  pass(20_000);
  assert.equal(said.length, 2);
});

for (const [what, env] of [
  ['systemd asks for nothing', {}],
  ['the variable is empty', { WATCHDOG_USEC: '' }],
  ['the variable is no number', { WATCHDOG_USEC: '1min' }],
  ['the time is 0', { WATCHDOG_USEC: '0' }],
  ['another process is meant', { ...minute, WATCHDOG_PID: String(process.pid + 1) }],
] as const) {
  test(`nothing is said where ${what}`, (t) => {
    const { said, pass } = watched(t, env);
    pass(600_000);
    assert.deepEqual(said, []);
  });
}
