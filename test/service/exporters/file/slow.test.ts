/** A file that takes what it is given slowly: a pipe that nobody reads from at first. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../../../until.ts';
import { batchOf, longLine, type Rig, rig, rigIn } from './rig.ts';

const skip = process.platform === 'win32' && 'there are no pipes in folders here';
const mostWaiting = 64 * 1_048_576;
/** What the pipe, its reader and a write that has begun hold besides. */
const onItsWay = 2 * 1_048_576;

interface Piped extends Rig {
  /** Reads from now on. */
  read(): Promise<void>;
  readonly received: () => number;
}

function piped(t: TestContext): Piped {
  const { folder } = rig(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const fd = openSync(join(folder, 'pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
  const reader = new Socket({ fd, readable: true, writable: false });
  t.after(() => reader.destroy());
  let received = 0;
  const ended = new Promise<void>((resolve) => reader.once('close', resolve));
  return {
    ...rigIn(folder, { path: 'pipe', format: 'proto' }),
    read() {
      reader.on('data', (bytes) => {
        received += bytes.length;
      });
      return ended;
    },
    received: () => received,
  };
}

test('at most 64 MiB wait, then senders are asked to send again, and nothing of what was taken is lost', { skip }, async (t) => {
  const { exporter, refusals, warnings, received, read } = piped(t);
  await exporter.start();
  const large = batchOf(longLine('m', 4_000_000));
  let taken = 0;
  for (;;) {
    const verdict = await exporter.consume(large);
    if (verdict !== undefined) {
      const why = 'the file is written too slowly: more than 67108864 bytes wait';
      assert.deepEqual(verdict, { points: large.points, why, retryable: true });
      break;
    }
    taken += large.bytes.length + 4;
    // As senders come: one after another.
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(taken <= mostWaiting + large.bytes.length + onItsWay, `${taken} bytes`);
  }
  assert.ok(taken > mostWaiting - large.bytes.length, `${taken} bytes`);
  assert.match(refusals[0] ?? '', /^too_slow: exporters\.file: .*pipe is written too slowly: more than 67108864 bytes wait/);
  const ended = read();
  await until('all that was taken is there', () => received() === taken);
  assert.equal(await exporter.consume(large), undefined);
  await exporter.shutdown();
  await ended;
  assert.deepEqual([received(), warnings], [taken + large.bytes.length + 4, []]);
});
