/** A process may be killed in the middle of a write: what was written before it is read. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { encodeHead } from '../../../../src/library/processes/record/record.ts';
import { createRecordFile, decodeRecordFile } from '../../../../src/library/processes/record/record-file.ts';
import { tinyDisk } from '../../../service/exporters/file/tiny-disk.ts';

const nothing = { schema: Buffer.from('[]'), values: new Float64Array(0) };

function fileOf(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'a.bin');
  const file = createRecordFile(path, join(directory, 'a.new'));
  t.after(() => file.close());
  return { path, file };
}

const headOf = (schema: string) => encodeHead({ inherited: ['b'], slot: 3, schema: Buffer.from(schema), retired: nothing });
const read = (bytes: Buffer) => [...(decodeRecordFile(bytes)?.own.values ?? ['nothing'])];

test('each write is read as it was, with the head', (t) => {
  const { path, file } = fileOf(t);
  const head = headOf('[1]');
  for (const values of [[1, 2], [3, 4], [5, 6], [5, 6], [7, 8, 9], []]) {
    file.write(head, Float64Array.from(values));
    const record = decodeRecordFile(readFileSync(path));
    assert.deepEqual([...(record?.own.values ?? [])], values);
    assert.deepEqual([record?.head.inherited, record?.head.slot, record?.own.schema.toString()], [['b'], 3, '[1]']);
  }
  file.write(headOf('[22]'), Float64Array.from([1]));
  assert.equal(decodeRecordFile(readFileSync(path))?.own.schema.toString(), '[22]');
});

test('values with the same head are written in place', (t) => {
  const { path, file } = fileOf(t);
  const head = headOf('[]');
  file.write(head, Float64Array.from([1]));
  const { ino, size } = statSync(path);
  for (let value = 2; value < 6; value++) file.write(head, Float64Array.from([value]));
  assert.deepEqual([statSync(path).ino, statSync(path).size], [ino, size]);
});

test('of a write that was cut off anywhere, the one before it is left', (t) => {
  const { path, file } = fileOf(t);
  const head = headOf('[]');
  for (const value of [1, 2, 3]) {
    file.write(head, Float64Array.from([value, value]));
    const before = readFileSync(path);
    file.write(head, Float64Array.from([value + 1, value + 1]));
    const after = readFileSync(path);
    const first = before.findIndex((byte, at) => byte !== after[at]);
    const last = before.length - 1 - [...before].reverse().findIndex((byte, at) => byte !== after[after.length - 1 - at]);
    for (let end = first; end <= last; end++) {
      const cut = Buffer.concat([after.subarray(0, end), before.subarray(end)]);
      assert.deepEqual(read(cut), [value, value], `${value}, cut at ${end}`);
    }
    assert.deepEqual(read(after), [value + 1, value + 1]);
  }
});

test('a byte that is flipped, at each place in turn: the values are as they were, now or before, or none', (t) => {
  const { path, file } = fileOf(t);
  const head = headOf('[{"name":"a"}]');
  for (const values of [
    [1, 2],
    [3, 4],
  ]) {
    file.write(head, Float64Array.from(values));
  }
  const whole = readFileSync(path);
  let older = 0;
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
    const record = decodeRecordFile(flipped);
    if (record === undefined) continue;
    const { own, head: found } = record;
    assert.deepEqual([found.inherited, found.slot, own.schema.toString()], [['b'], 3, '[{"name":"a"}]'], `byte ${at}`);
    assert.ok(['1,2', '3,4'].includes([...own.values].join()), `byte ${at}: ${own.values}`);
    if (own.values[0] === 1) older++;
  }
  // Of the area with the newer ones.
  assert.equal(older, 4 * 8);
});

test('what is no record is none', (t) => {
  const { path, file } = fileOf(t);
  file.write(headOf('[]'), Float64Array.from([1]));
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length++)
    assert.deepEqual(read(whole.subarray(0, length)), ['nothing'], `${length}`);
  assert.deepEqual(read(Buffer.alloc(64)), ['nothing']);
});

test('a record that nobody would read is not written, and the one before it stays', (t) => {
  const { path, file } = fileOf(t);
  // With its length and its ends, twice, 64 MiB and eight bytes.
  const most = 64 * 1024 * 1024;
  const head = Buffer.alloc(most - 5 * 8 + 8);
  assert.throws(() => file.write(head, new Float64Array(0)), /more than 67108864/);
  assert.equal(existsSync(path), false);
  file.write(headOf('[]'), Float64Array.from([1]));
  assert.throws(() => file.write(head, new Float64Array(0)), /more than 67108864/);
  assert.deepEqual(read(readFileSync(path)), [1]);
  file.write(head.subarray(8), new Float64Array(0));
  assert.equal(statSync(path).size, most);
});

test('a file that somebody has removed, or replaced, is written anew', (t) => {
  const { path, file } = fileOf(t);
  const head = headOf('[]');
  for (const isReplaced of [false, true]) {
    file.write(head, Float64Array.from([1]));
    rmSync(path);
    if (isReplaced) writeFileSync(path, 'text');
    file.write(head, Float64Array.from([2]));
    assert.deepEqual(read(readFileSync(path)), [2]);
  }
});

test('a disk that is full: the record before stays, and the next one is written once there is room', (t) => {
  const directory = tinyDisk(t, 64);
  if (directory === undefined) return t.skip('skipped: this process must not mount a file system');
  const path = join(directory, 'a.bin');
  const file = createRecordFile(path, join(directory, 'a.new'));
  t.after(() => file.close());
  const head = headOf('[]');
  file.write(head, Float64Array.from([1]));
  const ballast = join(directory, 'ballast');
  writeFileSync(ballast, Buffer.alloc(40 * 1_024));
  const more = headOf(`["${'.'.repeat(30 * 1_024)}"]`);
  assert.throws(() => file.write(more, Float64Array.from([2])), { code: 'ENOSPC' });
  assert.deepEqual(read(readFileSync(path)), [1]);
  rmSync(ballast);
  file.write(more, Float64Array.from([3]));
  assert.deepEqual(read(readFileSync(path)), [3]);
});
