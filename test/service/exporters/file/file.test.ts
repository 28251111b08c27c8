/** What stands in the file: README.md and configuration of the Collector's file exporter v0.159. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { until } from '../../../until.ts';
import { batchOf, lineOf, rig, rigIn } from './rig.ts';

const lines = ['a', 'b', 'c'].map((name) => lineOf(name));

describe('lines of JSON', () => {
  test('one a batch', async (t) => {
    const { exporter, text } = rig(t);
    await exporter.start();
    for (const line of lines) assert.equal(exporter.consume(batchOf(line)), undefined);
    await until('the flush interval', () => text() === `${lines.join('\n')}\n`);
    exporter.consume(batchOf(lineOf('d')));
    await exporter.shutdown();
    assert.equal(text(), `${[...lines, lineOf('d')].join('\n')}\n`);
  });

  test('are whole and in order where large batches come between small ones', async (t) => {
    const { exporter, text } = rig(t, { flush_interval: 3_600_000 });
    await exporter.start();
    const sent = ['a', 'b', 'c', 'd', 'e'].map((name, at) => lineOf(name, at % 2 === 0 ? 1 : 60_000));
    for (const line of sent) exporter.consume(batchOf(line));
    await exporter.shutdown();
    assert.deepEqual(text().split('\n'), [...sent, '']);
  });

  test('of a batch whose bytes were written over after the call', async (t) => {
    const { exporter, text } = rig(t);
    await exporter.start();
    const line = lineOf('a', 60_000);
    const batch = batchOf(line);
    exporter.consume(batch);
    batch.bytes.fill(0);
    batch.index.fill(0);
    await exporter.shutdown();
    assert.equal(text(), `${line}\n`);
  });

  test('begin anew at the start, or stand behind what is there', async (t) => {
    for (const append of [false, true]) {
      const { exporter, text, path } = rig(t, { append });
      writeFileSync(path, 'before\n');
      await exporter.start();
      exporter.consume(batchOf(lineOf('a')));
      await exporter.shutdown();
      assert.equal(text(), `${append ? 'before\n' : ''}${lineOf('a')}\n`);
    }
  });
});

/** What stands behind lengths of four bytes, big-endian. */
function records(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

describe('behind a length', () => {
  test('protobuf, without the points that were rejected', async (t) => {
    const { exporter, path } = rig(t, { format: 'proto' });
    await exporter.start();
    const wrong = lines[0]?.replace('{"asInt":"0"}', '{},{"asInt":"0"}') ?? '';
    for (const line of [...lines, wrong]) exporter.consume(batchOf(line));
    await exporter.shutdown();
    const due = [...lines, lines[0] ?? ''].map((line) => Buffer.from(batchOf(line).bytes));
    assert.deepEqual(records(readFileSync(path)), due);
  });

  for (const format of ['json', 'proto'] as const) {
    test(`${format} in a frame of zstd`, async (t) => {
      const { exporter, path } = rig(t, { format, compression: 'zstd' });
      await exporter.start();
      const sent = [...lines, lineOf('large', 60_000)];
      for (const line of sent) exporter.consume(batchOf(line));
      await exporter.shutdown();
      const due = sent.map((line) => (format === 'json' ? Buffer.from(line) : Buffer.from(batchOf(line).bytes)));
      assert.deepEqual(
        records(readFileSync(path)).map((record) => zstdDecompressSync(record)),
        due,
      );
    });
  }
});

describe('the path', () => {
  test('is created with its directories', async (t) => {
    const { exporter, folder, path } = rig(t, { path: 'a/b/out.jsonl', create_directory: true, directory_permissions: '0700' });
    await exporter.start();
    await exporter.shutdown();
    assert.deepEqual([statSync(join(folder, 'a')).mode & 0o777, readFileSync(path, 'utf8')], [0o700, '']);
  });

  test('is in the error where it cannot be opened', async (t) => {
    const { exporter, path } = rig(t, { path: 'none/out.jsonl' });
    await assert.rejects(exporter.start(), { message: new RegExp(`^exporters\\.file\\.path: ${path} cannot be opened: ENOENT`) });
    await exporter.shutdown();
  });

  test('may be a relative one', async (t) => {
    const { folder } = rig(t);
    mkdirSync(join(folder, 'x'));
    const { exporter, text } = rigIn(folder, { path: 'x/../out.jsonl' });
    await exporter.start();
    exporter.consume(batchOf(lineOf('a')));
    await exporter.shutdown();
    assert.equal(text(), `${lineOf('a')}\n`);
  });
});
