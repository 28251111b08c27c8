/** The exporter `file` writes the same of all traffic: lines of JSON byte for byte, protobuf as it reads. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { jsonOf } from '../../../src/formats/otlp/json/from-protobuf.ts';
import { until } from '../../until.ts';
import { randomRequests } from './random.ts';
import { sendToBoth } from './send.ts';
import { traffic } from './traffic/index.ts';
import { startTwin } from './twin.ts';

const last = { name: 'the.last', gauge: { dataPoints: [{ asInt: '1' }] } };

test('the Collector and the service write the same files', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-twin-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // A port is what distinguishes the two.
  const path = (name: string) => `yaml:exporters::file/${name}::path: ${folder}/\${env:PLAIN_PORT}.${name}`;
  const twin = await startTwin(t, [
    ...['json', 'proto', 'zstd'].flatMap((name) => [path(name), `yaml:exporters::file/${name}::flush_interval: 50ms`]),
    'yaml:exporters::file/proto::format: proto',
    'yaml:exporters::file/zstd::compression: zstd',
    'yaml:service::pipelines::metrics::exporters: [file/json, file/proto, file/zstd]',
  ]);
  if (twin === undefined) return;
  for (const [index, requests] of Object.values(traffic).entries()) {
    await sendToBoth(twin, requests(`t${index}t`, { 'service.name': 'svc', 'service.instance.id': 'i' }));
  }
  await sendToBoth(twin, randomRequests(200, 1));
  await sendToBoth(twin, [{ resourceMetrics: [{ scopeMetrics: [{ metrics: [last] }] }] }]);

  const both = (ending: string) => {
    const files = readdirSync(folder).filter((name) => name.endsWith(ending));
    assert.equal(files.length, 2);
    return files.map((name) => readFileSync(join(folder, name))) as [Buffer, Buffer];
  };
  const ends = (file: Buffer) => linesOf(file).at(-1)?.includes('"the.last"') === true;
  await until('all lines written', () => both('.json').every(ends));
  const [lines, other] = both('.json').map(linesOf) as [string[], string[]];
  assert.ok(lines.length > 200, `${lines.length} lines`);
  for (const [at, line] of lines.entries()) assert.equal(other[at], line, `line ${at + 1}`);
  assert.equal(other.length, lines.length);

  await until('all protobuf written', () => both('.proto').every((file) => recordsOf(file).length === lines.length));
  for (const file of both('.proto'))
    assert.deepEqual(
      recordsOf(file).map((record) => Buffer.from(jsonOf(readBatch(record))).toString()),
      lines,
    );

  await until('all frames written', () => both('.zstd').every((file) => recordsOf(file).length === lines.length));
  for (const file of both('.zstd'))
    assert.deepEqual(
      recordsOf(file).map((record) => zstdDecompressSync(record).toString()),
      lines,
    );
});

/** Of whole lines. */
function linesOf(file: Buffer): string[] {
  return file.toString().split('\n').slice(0, -1);
}

/** Whole records, each behind its length in four bytes. */
function recordsOf(file: Buffer): readonly Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at + 4 <= file.length; ) {
    const end = at + 4 + file.readUInt32BE(at);
    if (end > file.length) break;
    records.push(file.subarray(at + 4, end));
    at = end;
  }
  return records;
}
