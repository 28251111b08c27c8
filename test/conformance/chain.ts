/**
 * Collector → service → Collector. A sender counts at a steady pace, cumulative and as deltas, while the last one is killed and
 * started again. What that one has printed, by its debug exporter, is what has arrived: it writes a batch before it answers.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../examples/demo/free-port.ts';
import { send } from '../service/receivers/otlp/http-client.ts';
import { command } from '../tools/cli/run-command.ts';
import { until } from '../until.ts';
import { type Child, startChild } from './child.ts';
import { requirePeer } from './peers.ts';

export interface Outage {
  readonly downMs: number;
  readonly upMs: number;
}

export interface Told {
  /** Points of each kind. */
  readonly sent: number;
  /** The newest total that has arrived. */
  readonly total: number;
  /** Of the deltas that have arrived, each counted once. */
  readonly deltas: number;
  /** Requests that the first Collector's sender had to send again. */
  readonly refused: number;
  readonly log: string;
  /** Resident memory of the service after each outage, in bytes. */
  readonly resident: readonly number[];
}

const everyMs = 20;
/**
 * The heap's limit is the systemd unit's: otherwise V8 leaves garbage, the more the machine has memory; its young generation
 * alone grows to 128 MiB, after minutes of any load. The young generation's limit has it at its full size when memory is first
 * compared.
 */
const heapLimits = ['--max-old-space-size=512', '--max-semi-space-size=8'];
/** Far fewer requests than come in a long outage. */
const queueSize = 40;
const retry = 'retry_on_failure: {initial_interval: 100ms, max_interval: 200ms, max_elapsed_time: 0s}';

const yaml = (...lines: readonly string[]) => lines.flatMap((line) => ['--config', `yaml:${line}`]);

function configOf(port: number, exporter: string, settings: string): string[] {
  return yaml(
    `receivers::otlp::protocols::http::endpoint: 127.0.0.1:${port}`,
    `exporters::${exporter}: ${settings}`,
    'service::telemetry::metrics::level: none',
    `service::pipelines::metrics: {receivers: [otlp], exporters: [${exporter}]}`,
  );
}

/** Undefined: there is no Collector here, and the test is skipped. */
export async function runChain(t: TestContext, outages: readonly Outage[]): Promise<Told | undefined> {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return undefined;
  const [first, second, last] = await Promise.all([freePort(), freePort(), freePort()]);
  const printed: Child[] = [];
  const ready = async (child: Child) => {
    await child.until('ready', () => child.stderr().includes('Everything is ready.'));
    return child;
  };
  const startLast = async () => {
    const settings = '{verbosity: detailed, use_internal_logger: false, output_paths: [stdout]}';
    const child = startChild(t, binary, configOf(last, 'debug', settings));
    printed.push(child);
    return ready(child);
  };
  const onTo = (port: number, queue: string) =>
    `{endpoint: "http://127.0.0.1:${port}", compression: none, timeout: 2s, ${retry}, sending_queue: {${queue}}}`;
  let far = await startLast();
  const service = await ready(
    startChild(t, process.execPath, [
      ...heapLimits,
      ...command,
      'serve',
      ...configOf(second, 'otlp_http', onTo(last, `queue_size: ${queueSize}, num_consumers: 2`)),
    ]),
  );
  await ready(startChild(t, binary, configOf(first, 'otlp_http', onTo(second, 'queue_size: 10000'))));

  let sent = 0;
  let ended = false;
  const start = BigInt(Date.now()) * 1_000_000n;
  async function count(): Promise<void> {
    while (!ended) {
      sent++;
      const { status } = await send(`127.0.0.1:${first}`, {
        headers: { 'content-type': 'application/json' },
        body: pointsAt(start, sent),
      });
      assert.equal(status, 200);
      await sleep(everyMs);
    }
  }
  const counting = count();
  const resident: number[] = [];
  for (const { downMs, upMs } of outages) {
    await sleep(upMs);
    await far.kill();
    await sleep(downMs);
    far = await startLast();
    resident.push(residentOf(service));
  }
  ended = true;
  await counting;
  const text = () => printed.map((child) => child.stdout()).join('\n');
  await until('all has arrived', () => totalOf(text()) === sent && deltasOf(text()) === sent);
  return {
    sent,
    total: totalOf(text()),
    deltas: deltasOf(text()),
    refused: service.stderr().split('queue is full').length - 1,
    log: service.stderr(),
    resident,
  };
}

function pointsAt(start: bigint, sent: number): string {
  const time = (at: number) => String(start + BigInt(at) * 1_000_000n);
  const sum = (name: string, temporality: number, from: bigint | string, value: number) => ({
    name,
    sum: {
      aggregationTemporality: temporality,
      isMonotonic: true,
      dataPoints: [{ startTimeUnixNano: String(from), timeUnixNano: time(sent), asInt: String(value) }],
    },
  });
  const metrics = [sum('chain.total', 2, start, sent), sum('chain.delta', 1, time(sent - 1), 1)];
  return JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
}

interface PrintedPoint {
  readonly start: string;
  readonly time: string;
  readonly value: number;
}

/** The points of a metric in the text of the debug exporter. */
function* pointsOf(text: string, name: string): Generator<PrintedPoint> {
  for (const metric of text.split('     -> Name: ').slice(1)) {
    if (!metric.startsWith(`${name}\n`)) continue;
    for (const [, start, time, value] of metric.matchAll(/^StartTimestamp: (.+)\nTimestamp: (.+)\nValue: (\d+)$/gm))
      yield { start: start as string, time: time as string, value: Number(value) };
  }
}

function totalOf(text: string): number {
  let newest = 0;
  for (const { value } of pointsOf(text, 'chain.total')) newest = Math.max(newest, value);
  return newest;
}

/**
 * The sum of deltas, each counted once: a request whose answer was lost is sent again, and a full queue adds up what follows one
 * another.
 */
function deltasOf(text: string): number {
  const spans = new Map([...pointsOf(text, 'chain.delta')].map(({ start, time, value }) => [`${start}|${time}`, value]));
  return [...spans.values()].reduce((sum, value) => sum + value, 0);
}

function residentOf({ pid }: Child): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
}
