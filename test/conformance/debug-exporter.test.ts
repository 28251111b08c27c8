/** The exporter `debug`: the Collector and the service write the same text, to the byte. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../examples/demo/free-port.ts';
import { assertSameDebugText } from '../same-debug-text.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';
import { requirePeer } from './peers.ts';
import { type Random, random } from './random.ts';

const fixtures = new URL('../fixtures/collector/debug/', import.meta.url);
const main = fileURLToPath(new URL('../../src/tools/cli/main.ts', import.meta.url));
const verbosities = ['basic', 'normal', 'detailed'] as const;

interface Texts {
  readonly basic: string;
  readonly normal: string;
  readonly detailed: string;
  /** What came on standard error. */
  readonly log: string;
}

/** What a program writes of some requests, with every verbosity to a file of its own, and `detailed` to its log. */
async function written(t: TestContext, command: readonly string[], requests: readonly string[]): Promise<Texts> {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  const port = await freePort();
  writeFileSync(path('config.yaml'), configuration(port, path));
  const [program = '', ...args] = command;
  const child = startChild(t, program, [...args, '--config', path('config.yaml')]);
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  for (const [i, body] of requests.entries()) {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.equal(answer.status, 200, await answer.text());
    // A request's text is there in full before the next one's begins.
    await until(
      `the text of request ${i}`,
      () => count(path('detailed')) > i && count(path('normal')) > i && logged(child.stderr()) > i,
    );
  }
  await child.stop();
  const [basic, normal, detailed] = verbosities.map((name) => readFileSync(path(name), 'utf8')) as [string, string, string];
  return { basic, normal, detailed, log: child.stderr() };
}

/** Texts that have ended. */
function count(path: string): number {
  return readFileSync(path, 'utf8').split('\n\n').length - 1;
}

function logged(stderr: string): number {
  return stderr.split('\n\t{').length - 1;
}

function configuration(port: number, path: (name: string) => string): string {
  const files = verbosities.map(
    (name) => `  debug/${name}: {verbosity: ${name}, use_internal_logger: false, output_paths: [${JSON.stringify(path(name))}]}`,
  );
  return `receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
exporters:
  debug: {verbosity: detailed}
${files.join('\n')}
service:
  pipelines: {metrics: {receivers: [otlp], exporters: [debug, ${verbosities.map((name) => `debug/${name}`).join(', ')}]}}
  telemetry: {metrics: {level: none}}
`;
}

async function both(
  t: TestContext,
  requests: readonly string[],
): Promise<readonly [collector: Texts, service: Texts] | undefined> {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return undefined;
  return [await written(t, [binary], requests), await written(t, [process.execPath, main, 'serve'], requests)];
}

/** The debug exporter's lines of a log, without their times and what the Collector says of itself. */
function linesOf(log: string): string {
  const lines = log.replaceAll(/"resource": \{[^}]*\}, /g, '').split('\n');
  const from = lines.findIndex((line) => line.includes('\tMetrics\t'));
  const to = lines.findLastIndex((line) => line.startsWith('\t{'));
  return lines
    .slice(from, to + 1)
    .map((line) => line.replace(/^\d{4}-\S+(?=\tinfo\t)/, ''))
    .join('\n');
}

test('every kind of value, at all verbosities', async (t) => {
  const request = readFileSync(new URL('request.json', fixtures), 'utf8');
  const texts = await both(t, [request]);
  if (texts === undefined) return;
  for (const name of verbosities) {
    const expected = readFileSync(new URL(`${name}.txt`, fixtures), 'utf8');
    for (const text of texts) assertSameDebugText(text[name], expected, name);
  }
  const [collector, service] = texts.map(({ log }) => linesOf(log));
  assert.ok(collector?.includes('-> Name: g'));
  // Only the service escapes what could forge a line or drive a terminal.
  const escaped = [
    ['d<&>\n\tx)', 'd<&>\\n\\u{9}x)'],
    ['g\nline', 'g\\nline'],
    ['De\nscr', 'De\\nscr'],
    ['\u007f', '\\u{7f}'],
  ] as const;
  assertSameDebugText(
    service ?? '',
    escaped.reduce((text, [sent, shown]) => text.replace(sent, () => shown), collector ?? ''),
  );
});

test('numbers and bounds of all sizes', async (t) => {
  const draw = random();
  t.diagnostic(`seed ${draw.seed}`);
  const texts = await both(t, [numbers(draw), exponential(draw)]);
  if (texts === undefined) return;
  const [collector, service] = texts;
  for (const name of verbosities) assertSameDebugText(service[name], collector[name], name);
  assertSameDebugText(linesOf(service.log), linesOf(collector.log));
});

function requestOf(metric: object): string {
  return JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', ...metric }] }] }] });
}

function numbers(draw: Random): string {
  const bits = new DataView(new ArrayBuffer(8));
  const dataPoints = Array.from({ length: 1_000 }, (_, i) => {
    bits.setUint32(0, draw.between(0, 2 ** 32 - 1));
    bits.setUint32(4, draw.between(0, 2 ** 32 - 1));
    const near = draw.between(-(10 ** 9), 10 ** 9) / 2 ** draw.between(0, 40);
    const value = i % 2 === 0 ? bits.getFloat64(0) : near;
    const asDouble = Number.isFinite(value) ? value : String(value);
    return { asDouble, timeUnixNano: String(bits.getBigUint64(0)), attributes: [{ key: 'd', value: { doubleValue: asDouble } }] };
  });
  return requestOf({ gauge: { dataPoints } });
}

function exponential(draw: Random): string {
  const dataPoints = Array.from({ length: 300 }, () => {
    const scale = draw.between(-10, 20);
    const most = Math.min(2 ** 31 - 20, Math.ceil(1_100 * 2 ** scale));
    const buckets = () => ({ offset: draw.between(-most, most), bucketCounts: ['1', '0', '18446744073709551615', '2'] });
    return { scale, count: '3', zeroCount: String(draw.between(0, 1)), positive: buckets(), negative: buckets() };
  });
  return requestOf({ exponentialHistogram: { aggregationTemporality: 2, dataPoints } });
}
