/**
 * What it costs to read 100 MB of exposition, beside `promtool check metrics`, in one run: processor time (user and system) and what the resident memory grows by.
 * `node bench/parse-exposition.ts [MB]`. promtool reads text alone; OpenMetrics is beside its time on the same page as text.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createExpositionReader } from '../src/exposition/index.ts';
import { peer } from '../test/conformance/peers.ts';

type Format = 'openmetrics' | 'text';
type Mode = 'strict' | 'lenient';

const bounds = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1.0', '2.5', '5.0', '10.0', '+Inf'];

/** Counters, gauges and classic histograms, some hundred series a family. */
function writePage(path: string, format: Format, bytes: number): void {
  const file = openSync(path, 'w');
  for (let written = 0, i = 0; written < bytes; i++) written += writeSync(file, families(i, format));
  if (format === 'openmetrics') writeSync(file, '# EOF\n');
  closeSync(file);
}

function families(i: number, format: Format): string {
  const counter = format === 'text' ? `shop_requests_${i}_total` : `shop_requests_${i}`;
  const lines = [`# HELP ${counter} Requests that were answered.`, `# TYPE ${counter} counter`];
  for (let k = 0; k < 500; k++)
    lines.push(`shop_requests_${i}_total{method="GET",path="/api/v1/items/${k}",status="200"} ${(k * 7919) % 1_000_003}`);
  lines.push(`# HELP shop_queue_${i} Length of the queue.`, `# TYPE shop_queue_${i} gauge`);
  for (let k = 0; k < 500; k++) lines.push(`shop_queue_${i}{queue="q${k}"} ${(k * 0.37).toFixed(3)}`);
  const histogram = `shop_latency_${i}_seconds`;
  lines.push(`# HELP ${histogram} Latency.`, `# TYPE ${histogram} histogram`);
  for (let k = 0; k < 100; k++) {
    for (const [at, le] of bounds.entries()) lines.push(`${histogram}_bucket{route="/r/${k}",le="${le}"} ${at * (k % 7)}`);
    lines.push(`${histogram}_sum{route="/r/${k}"} ${(k * 0.123).toFixed(4)}`, `${histogram}_count{route="/r/${k}"} ${11 * (k % 7)}`);
  }
  return `${lines.join('\n')}\n`;
}

async function readHere(path: string, format: Format, mode: Mode): Promise<void> {
  const reader = createExpositionReader({ format, mode });
  const before = process.memoryUsage.rss();
  let most = before;
  const start = process.cpuUsage();
  for await (const chunk of createReadStream(path)) {
    reader.write(chunk as Uint8Array);
    most = Math.max(most, process.memoryUsage.rss());
  }
  const { ok, samples } = reader.end();
  const { user, system } = process.cpuUsage(start);
  process.stdout.write(JSON.stringify({ ok, samples, seconds: (user + system) / 1e6, mebibytes: (most - before) / 2 ** 20 }));
}

function promtoolSeconds(promtool: string, path: string): number {
  const timed = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$0" check metrics < "$1" > /dev/null 2>&1', promtool, path], {
    encoding: 'utf8',
  });
  const [user, system] = timed.stderr.trim().split(' ').map(Number);
  return (user ?? Number.NaN) + (system ?? Number.NaN);
}

function main(megabytes: number): void {
  const promtool = peer('promtool');
  const folder = mkdtempSync(join(tmpdir(), 'parse-exposition-'));
  try {
    for (const format of ['text', 'openmetrics'] as const) writePage(join(folder, format), format, megabytes * 1e6);
    const peerSeconds = promtool === undefined ? Number.NaN : promtoolSeconds(promtool, join(folder, 'text'));
    console.log(`promtool check metrics, text: ${peerSeconds.toFixed(2)} s`);
    for (const format of ['text', 'openmetrics'] as const) {
      for (const mode of ['lenient', 'strict'] as const) {
        const path = join(folder, format);
        const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), path, format, mode], { encoding: 'utf8' });
        if (child.status !== 0) throw new Error(child.stderr);
        const { ok, samples, seconds, mebibytes } = JSON.parse(child.stdout) as {
          ok: boolean;
          samples: number;
          seconds: number;
          mebibytes: number;
        };
        const share = (seconds / peerSeconds).toFixed(2);
        const size = (statSync(path).size / 1e6).toFixed(0);
        console.log(
          `${mode} ${format}, ${size} MB: ${seconds.toFixed(2)} s (${share} of promtool), resident + ${mebibytes.toFixed(0)} MiB, ${samples} samples, ok ${ok}`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [path, format, mode] = process.argv.slice(2);
if (format === undefined) main(Number(path ?? 100));
else await readHere(path as string, format as Format, mode as Mode);
