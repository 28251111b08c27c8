/** The commands about the service's configuration: what they write, and what they end with. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from './run-command.ts';
import { runHere } from './run-here.ts';

const root = join(import.meta.dirname, '../../..');
const everything = 'test/fixtures/collector/everything-wrong.yaml';

test('validate: every problem on a line of its own, with file, line and column', async () => {
  const { status, stdout, stderr } = runCommand(['validate', '--config', everything], root);
  assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  const lines = stderr.trimEnd().split('\n');
  for (const line of lines) assert.match(line, /^test\/fixtures\/collector\/everything-wrong\.yaml:\d+:\d+ \S+: \S/);
  const places = lines.map((line) => line.split(' ')[0]?.replace(`${everything}:`, ''));
  for (const place of [
    '5:9',
    '6:32',
    '7:23',
    '8:30',
    '9:27',
    '10:14',
    '13:12',
    '14:3',
    '21:15',
    '15:3',
    '16:3',
    '26:3',
    '28:16',
    '31:36',
    '37:5',
    '41:19',
    '41:25',
    '42:22',
    '43:1',
  ])
    assert.ok(places.includes(place), place);
});

test('validate and print-config need a configuration', async () => {
  for (const command of ['validate', 'print-config']) {
    const { status, stderr } = await runHere([command]);
    assert.deepEqual([status, stderr.split(' Fix')[0]], [2, 'meterbridge: --config: got nothing; a configuration is required.']);
  }
});

for (const [args, got] of [
  [['print-config', '--config', 'x', '--format', 'xml'], '--format: got "xml"'],
  [['print-config', '--config', 'x', '--mode', 'all'], '--mode: got "all"'],
  [['components', '--format', 'xml'], '--format: got "xml"'],
] as const) {
  test(`${args.join(' ')} is refused`, async () => {
    const { status, stderr } = await runHere(args);
    assert.deepEqual([status, stderr.split(';')[0]], [2, `meterbridge: ${got}`]);
  });
}

test('components: the states of keys, as a table and as JSON', async () => {
  const { stdout } = await runHere(['components']);
  assert.match(stdout, /^KIND +TYPE +KEY +VALUE +DEFAULT +STATE\n/);
  assert.match(stdout, /^service +telemetry +logs\.disable_caller +flag +- +ignored$/m);
  const rows = JSON.parse((await runHere(['components', '--format', 'json'])).stdout) as {
    readonly kind: string;
    readonly type: string;
  }[];
  assert.deepEqual(rows.map(({ kind, type }) => `${kind} ${type}`).at(-1), 'service telemetry');
});
