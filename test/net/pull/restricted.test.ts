/** The listener in a process that Node.js restricts, started as users start it: it works, or says what it needs and ends. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { rightHash } from '../web-config/good-cases.ts';

const root = join(import.meta.dirname, '../../..');
const permission = ['--permission', `--allow-fs-read=${root}`];

interface Ended {
  readonly code: number | null;
  readonly said: string;
  readonly errors: string;
}

async function run(t: TestContext, flags: readonly string[], options: object): Promise<Ended> {
  const host = spawn(process.execPath, [...flags, join(import.meta.dirname, 'restricted-host.ts'), JSON.stringify(options)]);
  t.after(() => host.kill('SIGKILL'));
  const exited = new Promise<number | null>((resolve) => host.once('exit', resolve));
  const [said, errors] = await Promise.all([text(host.stdout), text(host.stderr)]);
  return { code: await exited, said, errors };
}

function assertServed({ code, said, errors }: Ended): void {
  assert.equal(code, 0, errors);
  assert.match(said, /^200\n/);
  assert.match(said, /^demo_runs_total 3$/m);
  assert.match(said, /^demo_memory_used 42$/m);
}

for (const [name, flags, options] of [
  ['without generated code', ['--disallow-code-generation-from-strings'], {}],
  ['without generated code, in a thread of its own', ['--disallow-code-generation-from-strings'], { thread: true }],
  ['with permission to read the program alone', permission, {}],
  ['with permission to read the program alone, by name', permission, { address: 'localhost:0' }],
  ['with permission to read the program alone, on all interfaces', permission, { address: ':0', public: true }],
  ['with permission for threads, in a thread of its own', [...permission, '--allow-worker'], { thread: true }],
] as const) {
  test(`${name}: it listens`, async (t) => assertServed(await run(t, flags, options)));
}

test('without permission for threads a listener in one is refused, with the flag that it needs', async (t) => {
  const { code, errors } = await run(t, permission, { thread: true, at: 'metrics_listen' });
  assert.equal(code, 1);
  assert.match(errors, /LISTEN_FAILED/);
  assert.match(
    errors,
    /metrics_listen: got "127\.0\.0\.1:0"; this process may start a thread\. Fix: start Node\.js with --allow-worker/,
  );
});

test('a web configuration with users needs permission to read it, and for a thread', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-restricted-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const webConfig = join(folder, 'web-config.yml');
  writeFileSync(webConfig, `basic_auth_users:\n  alice: ${rightHash}\n`);
  const reading = [...permission, `--allow-fs-read=${folder}`];
  assertServed(await run(t, [...reading, '--allow-worker'], { webConfig }));
  const noThread = await run(t, reading, { webConfig });
  assert.deepEqual([noThread.code, noThread.errors.includes('start Node.js with --allow-worker')], [1, true]);
  const noFile = await run(t, [...permission, '--allow-worker'], { webConfig });
  assert.deepEqual([noFile.code, noFile.errors.includes('ERR_ACCESS_DENIED')], [1, true]);
});
