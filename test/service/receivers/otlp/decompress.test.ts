import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type Compression, createInflater, type Inflated } from '../../../../src/service/receivers/otlp/decompress.ts';

function read(compression: Compression, bytes: Uint8Array, maxBytes: number): Promise<Inflated> {
  const from = { connection: {}, isGone: () => false };
  return new Promise((resolve) =>
    createInflater(1e9).inflate({ compression, bytes, maxBytes, from, isQuick: () => true }, resolve),
  );
}

const random = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * at * 31 + (at >> 7)) % 251));
const cases: readonly [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['a byte', Buffer.of(1)],
  ['a body above 64 KiB', random],
];

for (const [compression, compress] of [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['zstd', zstdCompressSync],
] as const)
  for (const [what, bytes] of cases)
    test(`${what} by ${compression}: as it was up to the limit, too large beyond it`, async () => {
      for (const compressed of [compress(bytes), compress(bytes, { level: 0 } as object)]) {
        const whole = await read(compression, compressed, Math.max(bytes.length, 1));
        assert.ok(whole instanceof Uint8Array, JSON.stringify(whole));
        assert.deepEqual(Buffer.from(whole), bytes);
        if (bytes.length > 1)
          assert.equal(((await read(compression, compressed, bytes.length - 1)) as { tooLarge: boolean }).tooLarge, true);
        if (bytes.length > 0)
          assert.equal(((await read(compression, compressed.subarray(0, -5), 1e6)) as { tooLarge: boolean }).tooLarge, false);
      }
    });

test('a gzip trailer that lies about the length is not believed', async () => {
  for (const length of [0, 0xffff_ffff]) {
    const compressed = gzipSync(random.subarray(0, 5_000));
    compressed.writeUInt32LE(length, compressed.length - 4);
    const read_ = (await read('gzip', compressed, 1e9)) as { tooLarge: boolean };
    assert.equal(read_.tooLarge, false);
  }
});

test('a zstd window above 8 MiB is refused (RFC 9659)', async () => {
  const bytes = Buffer.alloc(20_000_000, 'a line of some length\n');
  const compress = (windowLog: number): Buffer => {
    const params = { [constants.ZSTD_c_windowLog]: windowLog, [constants.ZSTD_c_compressionLevel]: 19 };
    return zstdCompressSync(bytes, { params });
  };
  assert.ok((await read('zstd', compress(23), 1e9)) instanceof Uint8Array);
  const refused = await read('zstd', compress(25), 1e9);
  assert.ok(!(refused instanceof Uint8Array) && !refused.tooLarge, 'not refused');
});
