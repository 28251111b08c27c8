/** Old files as the Collector v0.159 leaves them: `NAME-TIME-size.EXTENSION`, of whole lines. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { batchOf, lineOf, longLine, rig, rotation, startMs } from './rig.ts';

const megabyte = 1_024 * 1_024;
const dayMs = 86_400_000;

/** A clock that moves on by a second whenever it is asked. */
function ticking(): () => number {
  let now = startMs;
  return () => {
    now += 1_000;
    return now;
  };
}

test('a file is set aside before it becomes too large, and no line is lost or cut', async (t) => {
  const { exporter, names, text } = rig(t, { rotation }, ticking());
  await exporter.start();
  assert.deepEqual(names(), [], 'the file is opened with its first line');
  const lines = Array.from({ length: 8 }, (_, at) => longLine(`m${at}`, 300_000));
  for (const line of lines) exporter.consume(batchOf(line));
  await exporter.shutdown();
  const [first = '', second = '', ...rest] = names();
  assert.match(first, /^out-2026-11-23T03-04-\d\d\.678-size\.jsonl$/);
  assert.match(second, /^out-2026-11-23T03-04-\d\d\.678-size\.jsonl$/);
  assert.deepEqual(rest, ['out.jsonl']);
  assert.deepEqual([first, second, 'out.jsonl'].map(text).join('').split('\n'), [...lines, '']);
  assert.deepEqual(
    [text(first).split('\n').length, text(second).split('\n').length],
    [4, 4],
    'three lines of a little over 300,000 bytes',
  );
});

test('no old file is written over, even if two are set aside in one millisecond', async (t) => {
  const { exporter, names } = rig(t, { rotation });
  await exporter.start();
  for (let at = 0; at < 6; at++) exporter.consume(batchOf(longLine(`m${at}`, 600_000)));
  await exporter.shutdown();
  assert.deepEqual(names(), [...[678, 679, 680, 681, 682].map((ms) => `out-2026-11-23T03-04-05.${ms}-size.jsonl`), 'out.jsonl']);
});

test('the oldest go when there are too many, or when they are too old', async (t) => {
  const other = 'outside-2026-11-01T00-00-00.000-size.jsonl';
  const old = [
    'out-2026-11-20T00-00-00.000-size.jsonl',
    'out-2026-11-22T03-00-00.000-time.jsonl.gz',
    'out-2026-11-22T12-00-00.000-size.jsonl',
  ];
  for (const [rules, kept] of [
    [{ max_backups: 2 }, old.slice(1)],
    [{ max_days: 1, max_backups: 0 }, old.slice(2)],
    [{ max_days: 2, max_backups: 1 }, old.slice(2)],
    [{ max_days: 0, max_backups: 0 }, old],
  ] as const) {
    const { exporter, folder, names } = rig(t, { rotation: { ...rotation, ...rules } });
    for (const name of [...old, other]) writeFileSync(join(folder, name), '');
    await exporter.start();
    exporter.consume(batchOf(lineOf('a')));
    await exporter.shutdown();
    assert.deepEqual(names(), [...kept, 'out.jsonl', other], JSON.stringify(rules));
  }
});

test('names without -size, which a Collector before v0.155 left, are those of old files', async (t) => {
  const { exporter, folder, names } = rig(t, { rotation });
  for (const name of ['out-2026-11-20T00-00-00.000.jsonl', 'out-2026.jsonl']) writeFileSync(join(folder, name), '');
  await exporter.start();
  await exporter.shutdown();
  assert.deepEqual(names(), ['out-2026-11-20T00-00-00.000-size.jsonl', 'out-2026.jsonl']);
});

test('a file from before is continued, and set aside where it is full', async (t) => {
  for (const [size, files] of [
    [10, 1],
    [megabyte - 10, 2],
  ] as const) {
    const { exporter, path, names, text } = rig(t, { rotation });
    writeFileSync(path, 'x'.repeat(size));
    await exporter.start();
    exporter.consume(batchOf(lineOf('a')));
    await exporter.shutdown();
    assert.equal(names().length, files);
    assert.equal(text(), `${files === 1 ? 'x'.repeat(size) : ''}${lineOf('a')}\n`);
    assert.equal(statSync(path).mode & 0o777, files === 1 ? statSync(path).mode & 0o777 : 0o644);
  }
});

test('a line that is larger than a file is refused, and what comes behind it is written', async (t) => {
  const { exporter, refusals, text } = rig(t, { rotation });
  await exporter.start();
  exporter.consume(batchOf(lineOf('a')));
  exporter.consume(batchOf(longLine('b', megabyte)));
  exporter.consume(batchOf(lineOf('c')));
  await exporter.shutdown();
  assert.equal(text(), `${lineOf('a')}\n${lineOf('c')}\n`);
  assert.equal(refusals.length, 1);
  assert.match(
    refusals[0] ?? '',
    /^too_large: exporters\.file: a batch of \d+ points has \d+ bytes, more than rotation\.max_megabytes/,
  );
});

test('the times in names are local ones where that is asked for', async (t) => {
  const before = process.env.TZ;
  process.env.TZ = 'America/St_Johns';
  t.after(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });
  const { exporter, folder, names } = rig(t, { rotation: { ...rotation, localtime: true, max_days: 1 } });
  // Three hours and a half behind UTC.
  writeFileSync(join(folder, 'out-2026-11-21T23-34-05.677-size.jsonl'), '');
  writeFileSync(join(folder, 'out-2026-11-21T23-34-05.678-size.jsonl'), '');
  await exporter.start();
  for (const name of ['a', 'b']) exporter.consume(batchOf(longLine(name, 600_000)));
  await exporter.shutdown();
  assert.deepEqual(names(), ['out-2026-11-21T23-34-05.678-size.jsonl', 'out-2026-11-22T23-34-05.678-size.jsonl', 'out.jsonl']);
  assert.equal(startMs - dayMs, Date.UTC(2026, 10, 22, 3, 4, 5, 678));
  assert.ok(readFileSync(join(folder, 'out.jsonl')).length > 600_000);
});
