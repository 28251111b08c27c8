/** A directory in which anyone may have put something: what is no segment is left out and named, and all else is read. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { liveTexts, payloadOf, rig } from './rig.ts';

const isRoot = process.getuid?.() === 0;
const segment = (number: number | string) => `meterbridge-queue-${String(number).padStart(12, '0')}.segment`;

const kinds: Readonly<Record<string, readonly [put: (path: string, whole: string) => void, why: RegExp]>> = {
  'a pipe': [(path) => execFileSync('mkfifo', [path]), /it is no regular file, 0 bytes/],
  'a directory': [(path) => mkdirSync(join(path, 'x'), { recursive: true }), /it is no regular file, 0 bytes/],
  'a link to a device': [(path) => symlinkSync('/dev/zero', path), /it is a link, 0 bytes/],
  'a link to a segment': [(path, whole) => symlinkSync(whole, path), /it is a link, 0 bytes/],
  'a sparse file of 5 GiB': [
    (path, whole) => {
      copyFileSync(whole, path);
      truncateSync(path, 5 * 2 ** 30);
    },
    /it has more than 1073741824 bytes, 5368709120 bytes/,
  ],
  ...(isRoot && {
    "another user's": [
      (path: string, whole: string) => {
        copyFileSync(whole, path);
        chownSync(path, 12_345, 12_345);
      },
      /it belongs to another user, \d+ bytes/,
    ] as const,
  }),
};

for (const [kind, [put, why]] of Object.entries(kinds))
  test(`${kind} with the name of a segment, behind the last one`, { skip: process.platform === 'win32' }, async (t) => {
    const on = rig(t);
    const before = await on.open();
    await before.append(payloadOf('before'), 1);
    await before.close();
    put(join(on.directory, segment(2)), on.files()[0] as string);
    const log = await on.open();
    assert.deepEqual(await liveTexts(log), ['before']);
    await log.append(payloadOf('behind'), 1);
    await log.close();
    assert.equal(on.warnings.length, 1);
    const [line = ''] = on.warnings;
    assert.ok(
      line.startsWith(`storage: 1 files of ${on.directory} are left out, and nothing in them is sent or shown: ${segment(2)} (`),
      line,
    );
    assert.match(line, why);
    assert.match(line, /\. Fix: move them away$/);
    assert.deepEqual(await liveTexts(await on.open()), ['before', 'behind']);
  });

for (const number of ['999999999999', '1000000000000', '1000000000000000000000'])
  test(`the segment ${number}: what is written behind it is read`, async (t) => {
    const on = rig(t);
    const before = await on.open();
    await before.append(payloadOf('before'), 1);
    await before.close();
    copyFileSync(on.files()[0] as string, join(on.directory, segment(number)));
    const log = await on.open();
    await log.append(payloadOf('behind'), 1);
    await log.close();
    assert.deepEqual(await liveTexts(await on.open()), ['before', 'behind']);
    assert.match(on.warnings[0] as string, new RegExp(`${segment(number)} \\(no segment has this number, \\d+ bytes\\)`));
  });

test('a newest segment that is empty is named', async (t) => {
  const on = rig(t);
  const before = await on.open();
  await before.append(payloadOf('before'), 1);
  await before.close();
  truncateSync(on.files()[0] as string, 0);
  await on.open();
  assert.match(on.warnings.join('\n'), /^storage: .*000001\.segment is empty: [^\n]*$/);
});

test('of thousands of files that are none, one line names some and counts the others; files of another log are none of this one', async (t) => {
  const on = rig(t);
  for (let at = 0; at < 2_000; at++) writeFileSync(join(on.directory, `meterbridge-queue-x${at}.segment`), '');
  writeFileSync(join(on.directory, 'meterbridge-queue-other-000000000001.segment'), '');
  await on.open();
  assert.equal(on.warnings.length, 1);
  assert.match(on.warnings[0] as string, /^storage: 2000 files of .* and 1995 more\. Fix/);
});
