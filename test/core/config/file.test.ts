import assert from 'node:assert/strict';
import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { watchFiles } from '../../../src/core/config/file.ts';
import { readText } from '../../../src/core/node/read-text.ts';
import { folderFor } from '../../folder-for.ts';

const most = 100;

/** Watches what a file says, and after a space the texts of the files that it names; counts how often they are read. */
function watched(path: string) {
  const clock = { ms: 0, reads: 0 };
  const textOf = (file: string) => {
    const read = readText(file, most);
    return read.ok ? read.text : read.got;
  };
  const current = watchFiles(
    path,
    () => clock.ms,
    () => {
      clock.reads++;
      const files = textOf(path)
        .split(' ')
        .filter((word) => word.startsWith('/'));
      return { value: [textOf(path), ...files.map(textOf)].join(': '), files };
    },
  );
  return { clock, current };
}

test('a file is read at the first call, and again when it has changed, once a second at most', (t) => {
  const path = folderFor(t)('file', 'first');
  const { clock, current } = watched(path);
  assert.equal(clock.reads, 0);
  assert.equal(current(), 'first');
  writeFileSync(path, 'second');
  clock.ms = 999;
  assert.equal(current(), 'first');
  clock.ms = 1_000;
  assert.equal(current(), 'second');
  clock.ms = 5_000;
  assert.equal(current(), 'second');
  assert.equal(clock.reads, 2);
});

test('a file swapped for one of equal size and time is noticed', (t) => {
  const file = folderFor(t);
  const path = file('file', 'one');
  const { clock, current } = watched(path);
  assert.equal(current(), 'one');
  const next = file('next', 'two');
  const { atime, mtime } = statSync(path);
  utimesSync(next, atime, mtime);
  renameSync(next, path);
  clock.ms = 1_000;
  assert.equal(current(), 'two');
});

test('a file that another one names is watched too, from the first reading on', (t) => {
  const file = folderFor(t);
  const named = file('named', 'a');
  const { clock, current } = watched(file('file', `see ${named}`));
  assert.equal(current(), `see ${named}: a`);
  writeFileSync(named, 'b');
  clock.ms = 1_000;
  assert.equal(current(), `see ${named}: b`, 'the state of a file that was not known before is not known');
  writeFileSync(named, 'c');
  clock.ms = 2_000;
  assert.equal(current(), `see ${named}: c`);
  const { reads } = clock;
  clock.ms = 3_000;
  current();
  assert.equal(clock.reads, reads, 'nothing has changed');
});

test('while a file is gone or loops it is looked for at each look, and its return is seen', (t) => {
  const path = folderFor(t)('file', 'here');
  const { clock, current } = watched(path);
  assert.equal(current(), 'here');
  rmSync(path);
  clock.ms = 1_000;
  assert.match(current(), /ENOENT/);
  symlinkSync(path, path);
  clock.ms = 2_000;
  assert.match(current(), /ELOOP/);
  rmSync(path);
  writeFileSync(path, 'back');
  clock.ms = 3_000;
  assert.equal(current(), 'back');
});
