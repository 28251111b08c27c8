/** The file that threads run is beside Meterbridge's code, or where the user of a bundle has put it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { contract, counter } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';

const thread = join(import.meta.dirname, '../../../src/thread.ts');
// "right", with cost 4.
const users = 'basic_auth_users:\n  alice: $2y$04$WnAZgj3WEuHiWengbAC9P.dpYM1PlDsup0/O6KBJwXaRWuyNk4/2y\n';
const folder = mkdtempSync(join(tmpdir(), 'thread-'));
const webConfig = join(folder, 'web-config.yml');
writeFileSync(webConfig, users);
test.after(() => rmSync(folder, { recursive: true }));

const jobs = contract('a', { jobs: counter({ help: 'Jobs.' }) });

for (const [form, threadFile] of [
  ['a path', thread],
  ['a relative path', relative(process.cwd(), thread)],
  ['a URL', pathToFileURL(thread)],
  ['a URL as a string', pathToFileURL(thread).href],
] as const) {
  for (const inThread of [true, false]) {
    test(`threadFile is ${form}${inThread ? ', of a listener in a thread' : ''}`, async (t) => {
      const { bridge } = testBridge(jobs);
      t.after(() => bridge.close());
      const { url } = await bridge.listen('127.0.0.1:0', { thread: inThread, threadFile, webConfig });
      const { status } = await fetch(url, { headers: { authorization: `Basic ${btoa('alice:right')}` } });
      assert.equal(status, 200);
    });
  }
}

test('a file that is not there is an error that says what to do', async (t) => {
  const { bridge } = testBridge(jobs);
  t.after(() => bridge.close());
  const threadFile = join(folder, 'gone.js');
  const advice = /meterbridge\/thread.*Fix: leave the package meterbridge out of the bundle, or .*threadFile/;
  await assert.rejects(bridge.listen('127.0.0.1:0', { thread: true, threadFile }), { code: 'LISTEN_FAILED', message: advice });
  await assert.rejects(bridge.listen('127.0.0.1:0', { webConfig, threadFile }), { code: 'WEB_CONFIG_INVALID', message: advice });
  // Without users there is no thread.
  writeFileSync(join(folder, 'empty.yml'), '');
  await bridge.listen('127.0.0.1:0', { webConfig: join(folder, 'empty.yml'), threadFile });
});
