/**
 * `npm run demo`: a RunWisp at work, its metrics pulled and pushed, until Ctrl-C. `npm run demo -- --once` runs it until every way of
 * looking at it can be compared, prints them side by side, and exits with 0 only if they agree.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Comparison, compare } from './demo/compare.ts';
import { chooseDestination, type Destination } from './demo/destination.ts';
import { openRunLog, type RunLog } from './demo/run-log.ts';
import { scrape } from './demo/sample.ts';

const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));
const CONFIG = fileURLToPath(new URL('./demo/runwisp.toml', import.meta.url));
/** Long enough for two rounds of the tasks, so that one slot has been missed. */
const ROUNDS_MS = 4_600;
/** When the comparison is given up, after the start. */
const DEADLINE_MS = 14_000;
const PUSH_INTERVAL_MS = 250;
const LOOK_EVERY_MS = 150;

interface Ready {
  readonly main: string;
  readonly metrics: string;
}

/** Ctrl-C and SIGTERM ask for the end; what was started is always stopped. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const { values: flags } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
process.exitCode = await demo(flags.once);

async function demo(once: boolean): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'meterbridge-demo-'));
  const instance = randomUUID();
  const destination = await chooseDestination(process.env, instance);
  console.log(destination.line);
  const daemon = startDaemon(data, instance, destination);
  let runs: RunLog | undefined;
  try {
    const { main, metrics } = await ready(daemon);
    runs = openRunLog(data);
    console.log(`RunWisp   ${main}/health\npull      ${metrics}\npush      ${destination.endpoint}/v1/metrics`);
    if (destination.url !== undefined) console.log(`arrives   ${destination.url}`);
    console.log(once ? '' : 'Ctrl-C ends it.\n');
    if (once) return report(await settle(runs, metrics, destination), destination);
    while (!interrupted.signal.aborted) await look(runs);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    runs?.close();
    await end(daemon);
    await destination.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

function startDaemon(data: string, instance: string, { endpoint, protocol }: Destination): ChildProcess {
  const attributes = [process.env.OTEL_RESOURCE_ATTRIBUTES, `service.instance.id=${instance}`].filter(Boolean).join(',');
  const env = {
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol,
    OTEL_METRIC_EXPORT_INTERVAL: String(PUSH_INTERVAL_MS),
    OTEL_METRIC_EXPORT_TIMEOUT: String(PUSH_INTERVAL_MS),
    OTEL_RESOURCE_ATTRIBUTES: attributes,
    // What else is set must not lead the push elsewhere.
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: undefined,
    OTEL_METRICS_EXPORTER: undefined,
    OTEL_SDK_DISABLED: undefined,
  };
  // Its own process group: it is ended after the last look, not by the terminal's Ctrl-C.
  return spawn(process.execPath, [RUN, 'runwisp', '--config', CONFIG, '--data', data], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/** The line that the daemon prints once it listens; its log when it ends without. */
async function ready(daemon: ChildProcess): Promise<Ready> {
  let log = '';
  daemon.stderr?.on('data', (chunk) => {
    log = `${log}${chunk}`.slice(-4_000);
  });
  const { stdout } = daemon;
  if (stdout !== null) for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as Ready;
  throw new Error(`the daemon did not start:\n${log}`);
}

async function look(runs: RunLog): Promise<void> {
  for (const line of runs.news()) console.log(line);
  await sleep(LOOK_EVERY_MS, undefined, { signal: interrupted.signal }).catch(() => {});
}

/** Compares as soon as nothing has moved while it looked; a difference must stand until the deadline to count. */
async function settle(runs: RunLog, metrics: string, destination: Destination): Promise<Comparison> {
  const from = performance.now();
  let last: Comparison = { agree: false, lines: ['nothing could be compared'] };
  while (!interrupted.signal.aborted && performance.now() - from < DEADLINE_MS) {
    await look(runs);
    if (performance.now() - from < ROUNDS_MS) continue;
    const recorded = runs.samples();
    const pulled = await scrape(metrics);
    const pushed = await destination.samples();
    const moved = JSON.stringify([...runs.samples()]) !== JSON.stringify([...recorded]);
    if (pulled === undefined || moved) continue;
    last = compare(recorded, pulled, pushed);
    if (last.agree) break;
  }
  return last;
}

function report({ agree, lines }: Comparison, { line }: Destination): number {
  console.log(`\n${lines.join('\n')}\n\n${line}`);
  console.log(agree ? 'recorded, pulled and pushed agree' : 'recorded, pulled and pushed do NOT agree');
  return agree ? 0 : 1;
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGTERM');
  await ended;
}
