/** Files that a setting names: read whole, within a limit, whatever stands at the path. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { readText } from '../../../src/core/node/read-text.ts';
import { folderFor } from '../../folder-for.ts';

const most = 100;
const skip = process.platform === 'win32' && 'there are no pipes in folders here';

test('a text is read as it is, at its limit too; a byte more is refused', (t) => {
  const file = folderFor(t);
  assert.deepEqual(readText(file('whole', 'ä'.repeat(most / 2)), most), { ok: true, text: 'ä'.repeat(most / 2) });
  assert.match(JSON.stringify(readText(file('more', 'x'.repeat(most + 1)), most)), /at most 100 bytes/);
});

test('what is no file that can be read is refused with the reason', (t) => {
  const file = folderFor(t);
  const loop = file('loop');
  symlinkSync(loop, loop);
  for (const [path, got] of [
    [file('none'), /ENOENT/],
    [loop, /ELOOP/],
    [file('.'), /regular file/],
    ['/dev/zero', /regular file/],
  ] as const) {
    const read = readText(path, most);
    assert.ok(!read.ok && got.test(read.got), path);
  }
});

test('what a link leads to is read, as in a mounted secret of Kubernetes', (t) => {
  const file = folderFor(t);
  symlinkSync(file('target', 'a secret'), file('link'));
  assert.deepEqual(readText(file('link'), most), { ok: true, text: 'a secret' });
});

test('a pipe that nobody writes to is refused at once', { skip }, (t) => {
  const file = folderFor(t);
  execFileSync('mkfifo', [file('pipe')]);
  const read = readText(file('pipe'), most);
  assert.ok(!read.ok && read.rule === 'it is a regular file');
});

test('a file that says it is empty, as those of /proc do, is read up to the limit', {
  skip: process.platform !== 'linux',
}, () => {
  const version = readText('/proc/version', 10_000);
  assert.ok(version.ok && version.text.startsWith('Linux version'));
  const more = readText('/proc/version', 5);
  assert.ok(!more.ok && more.rule === 'it has at most 5 bytes');
});
