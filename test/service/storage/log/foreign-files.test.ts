/** A directory in which anyone may have put something: what is no segment is left out and named, and all else is read. */
import assert from 'node:assert/strict';
import { copyFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kinds } from './foreign-kinds.ts';
import { liveTexts, payloadOf, rig } from './rig.ts';

const segment = (number: number | string) => `meterbridge-queue-${String(number).padStart(12, '0')}.segment`;

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
      line.startsWith(`storage: 1 file of ${on.directory} is left out, and nothing in it is sent or shown: ${segment(2)} (`),
      line,
    );
    assert.match(line, why);
    assert.match(line, /\. Fix: move it away$/);
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

/** More than 64 MiB would be the file, read as a whole. */
const mostResidentKib = 64 * 1024;

for (const hasHead of [true, false])
  test(`a sparse file of 900 MiB ${hasHead ? 'behind records' : 'without a head'} takes no memory`, async (t) => {
    const on = rig(t);
    const before = await on.open();
    await before.append(payloadOf('before'), 1);
    await before.close();
    const path = hasHead ? (on.files()[0] as string) : join(on.directory, segment(2));
    if (!hasHead) writeFileSync(path, '');
    const length = statSync(path).size;
    truncateSync(path, 900 * 2 ** 20);
    const { maxRSS } = process.resourceUsage();
    const log = await on.open();
    assert.ok(process.resourceUsage().maxRSS - maxRSS < mostResidentKib);
    assert.deepEqual(await liveTexts(log), ['before']);
    await log.append(payloadOf('behind'), 1);
    await log.close();
    assert.deepEqual(await liveTexts(await on.open()), ['before', 'behind']);
    assert.deepEqual(log.damaged, { records: 1, bytes: 900 * 2 ** 20 - length });
    const said = hasHead
      ? `damaged or cut off at byte ${length}: ${log.damaged.bytes} bytes are skipped`
      : 'neither a readable head nor';
    assert.ok(on.warnings[0]?.includes(said), on.warnings[0]);
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
