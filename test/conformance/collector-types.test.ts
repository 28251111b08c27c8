/**
 * Types are as strict as the Collector's: one line at a time through both programs, which refuse the same ones and read the same
 * values from the others.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { section } from '../../src/core/config/schema/index.ts';
import { readConfig } from '../../src/service/config/index.ts';
import { otlpSchema } from '../../src/service/receivers/otlp/config.ts';
import { folderWith } from '../examples/example.ts';
import { type Line, lines, stricter, variables } from './collector-lines.ts';
import { requirePeer } from './peers.ts';

const components = [
  { kind: 'receiver', type: 'otlp', schema: otlpSchema },
  { kind: 'exporter', type: 'nop', schema: section({}) },
] as const;
const refused = Symbol('refused');

test('the Collector and the service read the same of each line', (t) => {
  const both = readers(t);
  if (both === undefined) return;
  const read = (by: (line: Line) => unknown) => lines.map((line) => [line.join(': '), by(line)]);
  assert.deepEqual(read(both.service), read(both.collector));
});

test('where the service is stricter, the Collector takes the line when it validates', (t) => {
  const both = readers(t);
  if (both === undefined) return;
  for (const line of stricter) {
    assert.equal(both.service(line), refused, line.join(': '));
    assert.notEqual(both.collector(line), refused, line.join(': '));
  }
});

function readers(t: TestContext) {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return undefined;
  const { folder } = folderWith(t, 'empty', '');
  const path = join(folder, 'line.yaml');
  return {
    collector(line: Line): unknown {
      writeFileSync(path, fileWith(line));
      const env = { ...process.env, ...variables };
      const run = spawnSync(binary, ['print-config', '--config', path], { encoding: 'utf8', env });
      assert.equal(run.error, undefined);
      return run.status === 0 ? printedValue(parse(run.stdout), line) : refused;
    },
    service(line: Line): unknown {
      writeFileSync(path, fileWith(line));
      const read = readConfig({ config: [path] }, components, { env: variables });
      if (!read.ok) return refused;
      const value = printedValue(read.print(true), line);
      // The Collector prints what is in a value, the service what is to be written for it.
      return typeof value === 'string' ? value.replaceAll('$$', '$') : value;
    },
  };
}

function fileWith([key, value]: Line): string {
  const http = `receivers:\n  otlp:\n    protocols:\n      http:\n        endpoint: 127.0.0.1:4318\n        ${key}: ${value}\n`;
  return `${http}exporters:\n  nop:\nservice: {pipelines: {metrics: {receivers: [otlp], exporters: [nop]}}}\n`;
}

function printedValue(printed: unknown, [key]: Line): unknown {
  const { receivers } = printed as { receivers: { otlp: { protocols: { http: Record<string, unknown> } } } };
  const { http } = receivers.otlp.protocols;
  // A merged section shows in the key that it holds.
  const value = http[key === '<<' ? 'keep_alives_enabled' : key];
  // The Collector shows a path as it serves it.
  if (key === 'metrics_url_path' && typeof value === 'string') return value.replace(/^(?!\/)/, '/');
  // The Collector leaves out what is empty.
  return [0, false, '', '0s'].some((empty) => empty === value) ? undefined : value;
}
