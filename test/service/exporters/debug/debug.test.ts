/** The exporter `debug`: what it writes, where to, and when. The Collector wrote the expected texts. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWith } from '../../../examples/example.ts';
import { assertSameDebugText } from '../../../same-debug-text.ts';
import { until } from '../../../until.ts';
import { batchOf, fixture, gauges, rig } from './rig.ts';

const line = (points: number) => `Metrics\t{"resource metrics": 1, "metrics": 1, "data points": ${points}}\n`;

for (const verbosity of ['basic', 'normal', 'detailed'] as const) {
  test(`${verbosity}: every kind of value as the Collector writes it`, async () => {
    const { exporter, stdout } = rig({ verbosity });
    await exporter.start();
    assert.equal(exporter.consume(batchOf(fixture('request.json'))), undefined);
    await exporter.shutdown();
    assertSameDebugText(stdout(), fixture(`${verbosity}.txt`));
  });
}

test('the log has the same text, with the fields behind it', async () => {
  const { exporter, stdout, stderr } = rig({ use_internal_logger: true, verbosity: 'normal' });
  await exporter.start();
  exporter.consume(gauges('g', 2));
  const at = '1970-01-01T00:00:00.000Z\tinfo\t';
  assert.equal(
    stderr(),
    `${at}Metrics\t{"otelcol.signal": "metrics", "resource metrics": 1, "metrics": 1, "data points": 2}
${at}ResourceMetrics #0
ScopeMetrics #0
g{} 0
g{} 1
\t{"otelcol.signal": "metrics"}\n`,
  );
  assert.equal(stdout(), '');
});

/** A sender's strings, each with a line feed and what looks like a line of the log. */
const forged = '\n2026-01-01T00:00:00.000Z\terror\tforged';
const forging = JSON.stringify({
  resourceMetrics: [
    {
      schemaUrl: `u${forged}`,
      resource: { attributes: [{ key: `k${forged}`, value: { stringValue: `v${forged}` } }] },
      scopeMetrics: [
        {
          scope: { name: `s${forged}`, version: `1${forged}` },
          metrics: [
            {
              name: `m${forged}`,
              description: `d${forged}`,
              unit: `u${forged}`,
              gauge: { dataPoints: [{ asInt: '1', attributes: [{ key: 'a', value: { stringValue: `\r\u2028b${forged}` } }] }] },
            },
          ],
        },
      ],
    },
  ],
});

for (const verbosity of ['normal', 'detailed'] as const) {
  test(`${verbosity}: a line feed within a sender's string begins no line of the log, and stays in other outputs`, async () => {
    const asSent = rig({ verbosity });
    const inLog = rig({ verbosity, use_internal_logger: true });
    for (const { exporter } of [asSent, inLog]) {
      await exporter.start();
      exporter.consume(batchOf(forging));
      await exporter.shutdown();
    }
    assert.ok(
      asSent
        .stdout()
        .split('\n')
        .filter((line) => line.startsWith('2026')).length >= 6,
    );
    const text = asSent.stdout().slice(line(1).length, -1);
    const expected = text
      .replaceAll(forged, '\\n2026-01-01T00:00:00.000Z\\u{9}error\\u{9}forged')
      .replaceAll('\r\u2028', '\\u{d}\\u{2028}');
    const shown = inLog.stderr().slice(inLog.stderr().indexOf('ResourceMetrics #0'));
    assert.equal(shown, `${expected}\t{"otelcol.signal": "metrics"}\n`);
  });
}

test('a large batch is written in slices, from a copy, ahead of the batches behind it', async () => {
  const { exporter, stdout } = rig({ verbosity: 'normal' });
  await exporter.start();
  const batch = gauges('large', 10_000);
  exporter.consume(batch);
  batch.bytes.fill(0xff);
  batch.index.fill(-1);
  exporter.consume(gauges('small', 1));
  assert.equal(stdout(), '');
  await until('the second text', () => stdout().includes('small{} 0\n\n'));
  const points = Array.from({ length: 10_000 }, (_, i) => `large{} ${i}\n`).join('');
  const head = 'ResourceMetrics #0\nScopeMetrics #0\n';
  assert.equal(stdout(), `${line(10_000)}${head}${points}\n${line(1)}${head}small{} 0\n\n`);
  await exporter.shutdown();
});

test('other work goes on between the slices', async () => {
  const { exporter, stdout } = rig({});
  await exporter.start();
  exporter.consume(gauges('large', 10_000));
  let turns = 0;
  while (!stdout().endsWith('\n\n')) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  // Four lines a point.
  assert.ok(turns >= 40_000 / 500, `${turns}`);
  await exporter.shutdown();
});

test('what waits is bounded: the oldest batches are written at once', async () => {
  const { exporter, stdout } = rig({ verbosity: 'normal' });
  await exporter.start();
  const batch = gauges('g', 50_000);
  const each = batch.bytes.byteLength + batch.length * 4;
  const enough = Math.ceil((16 * 1_024 * 1_024) / each) + 1;
  for (let i = 0; i < enough; i++) exporter.consume(batch);
  assert.ok(stdout().startsWith(line(50_000)));
  await exporter.shutdown();
  assert.equal(stdout().split('Metrics\t').length - 1, enough);
});

test('the end of the service writes what waits', async () => {
  const { exporter, stdout } = rig({});
  await exporter.start();
  exporter.consume(gauges('large', 10_000));
  assert.equal(stdout(), '');
  await exporter.shutdown();
  assert.ok(stdout().endsWith('Value: 9999\n\n'));
});

test('files are appended to, beside the streams', async (t) => {
  const { file } = folderWith(t, 'debug.txt', 'before\n');
  const { exporter, stderr } = rig({ verbosity: 'basic', output_paths: ['stderr', file] });
  await exporter.start();
  exporter.consume(gauges('g', 1));
  await exporter.shutdown();
  assert.equal(readFileSync(file, 'utf8'), `before\n${line(1)}`);
  assert.equal(stderr(), line(1));
});

test('a pipe that nobody reads is named, and /dev/stdout is standard output', {
  skip: process.platform === 'win32',
}, async (t) => {
  const { folder } = folderWith(t, 'empty', '');
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  await assert.rejects(
    rig({ output_paths: [path] }).exporter.start(),
    /output_paths: .*pipe cannot be opened: it is a pipe that no program reads/,
  );
  const { exporter, stdout } = rig({ verbosity: 'basic', output_paths: ['/dev/stdout'] });
  await exporter.start();
  exporter.consume(gauges('g', 1));
  await exporter.shutdown();
  assert.equal(stdout(), line(1));
});

test('a file that cannot be opened is named', async (t) => {
  const { folder } = folderWith(t, 'empty', '');
  const path = join(folder, 'is-a-folder');
  mkdirSync(path);
  const { exporter } = rig({ output_paths: ['stdout', path] });
  await assert.rejects(exporter.start(), (error: Error) =>
    error.message.startsWith(`exporters.debug.output_paths: ${path} cannot be opened: EISDIR`),
  );
  await exporter.shutdown();
});

test('a file that cannot be written to is told, and the other outputs go on', {
  skip: process.platform !== 'linux',
}, async () => {
  const { exporter, stdout, refusals } = rig({ verbosity: 'basic', output_paths: ['/dev/full', 'stdout'] });
  await exporter.start();
  exporter.consume(gauges('g', 1));
  await exporter.shutdown();
  assert.match(refusals.join('\n'), /^not_written: \/dev\/full cannot be written: ENOSPC/);
  assert.equal(stdout(), line(1));
});

test('sampling: in a second, the first equal messages and then one in so many', async () => {
  const { exporter, stdout, pass } = rig({ verbosity: 'normal', sampling_initial: 2, sampling_thereafter: 3 });
  await exporter.start();
  for (let i = 0; i < 8; i++) exporter.consume(gauges('same', 1));
  const counted = (what: string) => stdout().split(what).length - 1;
  // The first, the second, the fifth and the eighth.
  assert.deepEqual([counted('Metrics\t'), counted('same{} 0')], [4, 4]);
  // The line is the same for all batches, their texts are not.
  exporter.consume(gauges('other', 1));
  assert.deepEqual([counted('Metrics\t'), counted('other{} 0')], [4, 1]);
  pass(1_000);
  exporter.consume(gauges('same', 1));
  assert.deepEqual([counted('Metrics\t'), counted('same{} 0')], [5, 5]);
  await exporter.shutdown();
});

test('sampling: none behind the first ones', async () => {
  const { exporter, stdout } = rig({ verbosity: 'basic', sampling_initial: 1, sampling_thereafter: 0 });
  await exporter.start();
  for (let i = 0; i < 3; i++) exporter.consume(gauges('g', 1));
  assert.equal(stdout(), line(1));
  await exporter.shutdown();
});

test('a terminal gets what commands it escaped, a pipe as it was sent', {
  skip: process.platform !== 'linux' && 'skipped: needs script',
}, () => {
  const name = 'a\u{1b}]0;title\u{7}\u{202e}b\tc';
  const code = `import { gauges, rig } from '${new URL('rig.ts', import.meta.url).href}';
    const { exporter } = rig({}, undefined, process.stdout);
    await exporter.start();
    exporter.consume(gauges(${JSON.stringify(name)}, 1));
    await exporter.shutdown();`;
  const args = ['--input-type=module', '-e', code];
  const line = (text: string) => /-> Name: .*/.exec(text)?.[0].trimEnd();
  assert.equal(line(execFileSync(process.execPath, args, { encoding: 'utf8' })), `-> Name: ${name}`);
  const command = [process.execPath, ...args].map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(' ');
  const shown = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
  assert.equal(line(shown), '-> Name: a\\u{1b}]0;title\\u{7}\\u{202e}b\tc');
});
