/** A directory of logs: one process at a time, and a reload within it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ExtensionContext } from '../../../src/service/component.ts';
import { createFileStorage } from '../../../src/service/extensions/file-storage/create.ts';
import { openDirectory } from '../../../src/service/storage/directory.ts';
import { tinyDisk } from '../exporters/file/tiny-disk.ts';

const source = new URL('../../../src/service/storage/directory.ts', import.meta.url).href;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'meterbridge-storage-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const optionsOf = (directory: string) => ({ directory, fsync: false, maxBytes: 0, waitMs: 0, warn: () => {} });
const bytes = (text: string) => new TextEncoder().encode(text);

/** Another process that uses the directory, and has stored one record. */
async function another(t: TestContext, directory: string) {
  const code = `import { openDirectory } from '${source}';
    const opened = await openDirectory({ directory: process.argv[1], fsync: false, maxBytes: 0, waitMs: 0, warn() {} });
    const { log } = await opened.open('otlp_http/far');
    await log.append(new TextEncoder().encode('kept'), 1);
    process.stdout.write('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return {
    pid: child.pid,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

test('a second process is refused and told who is there; what a killed one left is found', async (t) => {
  const directory = folder(t);
  const other = await another(t, directory);
  await assert.rejects(openDirectory(optionsOf(directory)), {
    name: 'DirectoryInUse',
    message: `${directory} is in use by the process ${other.pid}. Fix: end it, or write another directory`,
  });
  await other.kill();
  const opened = await openDirectory(optionsOf(directory));
  const { log, found, close } = await opened.open('otlp_http/far');
  assert.deepEqual(await Promise.all(found.map(async (record) => new TextDecoder().decode(await log.read(record)))), ['kept']);
  await close();
  await opened.close();
  assert.equal(existsSync(join(directory, 'meterbridge.lock')), false);
});

test('a directory that may not be written to: the error names it', async (t) => {
  const directory = tinyDisk(t, 64);
  if (directory === undefined) return t.skip('skipped: this process must not mount a file system');
  execFileSync('mount', ['-o', 'remount,ro', directory]);
  await assert.rejects(openDirectory(optionsOf(directory)), (error: Error) => {
    assert.match(error.message, /EROFS/);
    assert.ok(error.message.includes(directory), error.message);
    return true;
  });
});

test('within a process, two use one directory and one log, and only the first finds what is there', async (t) => {
  const directory = folder(t);
  const [one, two] = [await openDirectory(optionsOf(directory)), await openDirectory(optionsOf(directory))];
  const first = await one.open('otlp_http');
  const record = await first.log.append(bytes('a'), 1);
  const second = await two.open('otlp_http');
  await one.close();
  await first.close();
  assert.deepEqual(second.found, []);
  second.log.done(record);
  await second.log.append(bytes('b'), 1);
  await two.close();
  await second.close();
  const again = await openDirectory(optionsOf(directory));
  const { log, found, close } = await again.open('otlp_http');
  assert.deepEqual(await Promise.all(found.map(async (left) => new TextDecoder().decode(await log.read(left)))), ['b']);
  await close();
  await again.close();
});

test('components with ids that are nearly alike have logs of their own', async (t) => {
  const directory = folder(t);
  const opened = await openDirectory(optionsOf(directory));
  const logs = await Promise.all(['otlp_http', 'otlp_http/a.b', 'otlp_http/a/b', 'otlp_http/ä'].map((id) => opened.open(id)));
  assert.equal(new Set(logs.map(({ log }) => log)).size, 4);
  for (const { close } of logs) await close();
  await opened.close();
});

const settings = { timeout: 0, max_size: 0, fsync: false, create_directory: false, directory_permissions: '0750' };
const context = { id: 'file_storage', log: { warn() {} } } as unknown as ExtensionContext;

test('file_storage: its directory exists, or is made', async (t) => {
  const directory = join(folder(t), 'a', 'b');
  await assert.rejects(createFileStorage({ ...settings, directory }, context).start(), {
    code: 'COLLECTOR_CONFIG_INVALID',
    message: /^extensions\.file_storage\.directory: .*create_directory: true/s,
  });
  const extension = createFileStorage({ ...settings, directory, create_directory: true }, context);
  await extension.start();
  assert.equal(statSync(directory).mode & 0o777 & ~0o750, 0);
  await extension.shutdown();
});

test('a log that its component leaves while the directory is read is not unused', async (t) => {
  const opened = await openDirectory(optionsOf(folder(t)));
  const { log, close } = await opened.open('otlp_http');
  await log.append(bytes('kept'), 1);
  const unused = opened.unused();
  await close();
  assert.deepEqual([...(await unused)], []);
  assert.deepEqual([...(await opened.unused()).keys()], ['otlp_http']);
  await opened.close();
});
