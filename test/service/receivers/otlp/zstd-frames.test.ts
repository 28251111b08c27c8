/** What zstd itself wrote is whole, and no beginning of it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, zstdCompressSync } from 'node:zlib';
import { isWholeZstd } from '../../../../src/service/receivers/otlp/zstd-frames.ts';

const varied = Buffer.from(Array.from({ length: 400_000 }, (_, at) => (at * at * 31 + (at >> 7)) % 251));
const contents: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'a byte': Buffer.of(1),
  'one byte, repeated': Buffer.alloc(300_000, 7),
  'a few bytes': varied.subarray(0, 300),
  'several blocks': varied,
};
const settings: Readonly<Record<string, Record<number, number>>> = {
  'as by default': {},
  'with a checksum': { [constants.ZSTD_c_checksumFlag]: 1 },
  'without the size': { [constants.ZSTD_c_contentSizeFlag]: 0 },
};

/** RFC 8878, section 3.1.2: a magic number of 16, a size, and that many bytes. */
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

function assertWhole(bytes: Buffer): void {
  assert.ok(isWholeZstd(bytes));
  const step = Math.max(1, Math.floor(bytes.length / 500));
  for (let cut = 1; cut <= bytes.length; cut += step) assert.ok(!isWholeZstd(bytes.subarray(0, -cut)), `${cut} bytes less`);
}

for (const [what, content] of Object.entries(contents)) {
  for (const [how, params] of Object.entries(settings)) {
    test(`${what}, ${how}: whole to the last byte alone`, () => assertWhole(zstdCompressSync(content, { params })));
  }
}

test('frames may follow each other, and skippable ones', () => {
  const frame = zstdCompressSync('a line');
  const all = Buffer.concat([skippable, frame, skippable, frame]);
  assert.ok(isWholeZstd(all));
  const ends = new Set([skippable.length, skippable.length + frame.length, all.length - frame.length]);
  for (let length = 0; length < all.length; length++) {
    assert.equal(isWholeZstd(all.subarray(0, length)), ends.has(length), `${length} bytes`);
  }
});

test('what is no zstd is left to zstd', () => assert.ok(isWholeZstd(Buffer.from('{"resourceMetrics":[]}'))));

test('a frame whose sizes lie beyond the end is cut off', () => {
  const far = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0xff]);
  assert.ok(!isWholeZstd(far));
  assert.ok(!isWholeZstd(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00])));
});
