/** A reload puts another exporter in the place of one that writes a file: what that one has taken is in a file. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { jsonOf } from '../../../../src/formats/otlp/json/from-protobuf.ts';
import { components } from '../../../../src/service/components.ts';
import { until } from '../../../until.ts';
import { noOwnMetrics, startFrom } from '../../graph/rig.ts';
import { source } from '../../graph/source.ts';
import { batchOf, lineOf } from './rig.ts';

async function startWith(t: TestContext, exporter: string) {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-file-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { factory, send } = source();
  const yaml = (settings: string, other = 'create_directory: true') =>
    `{receivers: {source: {}}, exporters: {file: {${settings}}, file/2: {path: "${folder}/other/out", ${other}}}, service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [source], exporters: [file, file/2]}}}}`;
  const path = join(folder, 'out.jsonl');
  const service = await startFrom(t, yaml(exporter.replace('PATH', path)), [...components, factory]);
  return {
    path,
    write: (name: string) => assert.equal(send(batchOf(lineOf(name))), undefined),
    changeTo: async (settings: string, other?: string) =>
      (await service.changeTo(yaml(settings.replace('PATH', path), other))).outcome,
    removeOther: () => rmSync(join(folder, 'other'), { recursive: true }),
    names: () =>
      readdirSync(folder)
        .filter((name) => name !== 'other')
        .sort(),
    text: (name = 'out.jsonl') => readFileSync(join(folder, name), 'utf8'),
    log: () => service.log(),
    shutdown: () => service.shutdown(),
  };
}

const lines = (...names: readonly string[]) => names.map((name) => `${lineOf(name)}\n`).join('');

for (const more of ['flush_interval: 2s', 'rotation: {}', 'create_directory: true']) {
  test(`the file goes on: ${more}`, async (t) => {
    const { path, write, changeTo, text, shutdown } = await startWith(t, 'path: PATH');
    write('a');
    assert.equal(await changeTo(`path: PATH, ${more}`), 'done');
    write('b');
    // The same file by another path.
    assert.equal(await changeTo(`path: "${relative('.', path)}"`), 'done');
    write('c');
    await shutdown();
    assert.equal(text(), lines('a', 'b', 'c'));
  });
}

test('another format begins a file of its own, and the former one is renamed', async (t) => {
  const { write, changeTo, names, text, shutdown } = await startWith(t, 'path: PATH');
  write('a');
  assert.equal(await changeTo('path: PATH, format: proto'), 'done');
  write('b');
  await shutdown();
  const [before = '', now] = names();
  assert.match(before, /^out-.*-size\.jsonl$/);
  assert.equal(now, 'out.jsonl');
  assert.equal(text(before), lines('a'));
  assert.doesNotMatch(text(), /"a"/);
});

for (const form of ['', ', format: proto', ', format: proto, compression: zstd', ', compression: zstd']) {
  test(`what cannot be written goes to the next file: from ${form === '' ? 'json' : form.slice(2)}`, {
    skip: !existsSync('/dev/full'),
  }, async (t) => {
    const { write, changeTo, text, log, shutdown } = await startWith(t, `path: /dev/full, flush_interval: 10ms${form}`);
    for (const name of ['a', 'b']) write(name);
    await until('the write has failed', () => log().includes('ENOSPC'));
    assert.equal(await changeTo('path: PATH'), 'done');
    write('c');
    await shutdown();
    assert.deepEqual(text().split('\n').toSorted(), lines('a', 'b', 'c').split('\n').toSorted());
    assert.doesNotMatch(log(), /are lost/);
  });
}

for (const [format, kept] of [
  ['json', ['out.jsonl']],
  ['proto', []],
] as const) {
  test(`a reload that fails at another exporter leaves what the file has: format ${format}`, async (t) => {
    const { write, changeTo, removeOther, names, text, shutdown } = await startWith(t, 'path: PATH');
    write('a');
    removeOther();
    assert.equal(await changeTo(`path: PATH, flush_interval: 2s, format: ${format}`, 'create_directory: false'), 'failed');
    write('b');
    await shutdown();
    assert.equal(
      names()
        .map((name) => text(name))
        .join(''),
      lines('a', 'b'),
    );
    if (kept.length > 0) assert.deepEqual(names(), kept);
  });
}

test('protobuf that cannot be written becomes the same protobuf elsewhere', { skip: !existsSync('/dev/full') }, async (t) => {
  const { path, write, changeTo, log, shutdown } = await startWith(t, 'path: /dev/full, flush_interval: 10ms');
  write('a');
  await until('the write has failed', () => log().includes('ENOSPC'));
  assert.equal(await changeTo('path: PATH, format: proto'), 'done');
  await shutdown();
  const bytes = readFileSync(path);
  assert.equal(bytes.readUInt32BE(), bytes.length - 4);
  assert.equal(Buffer.from(jsonOf(readBatch(bytes.subarray(4)))).toString(), lineOf('a'));
});
