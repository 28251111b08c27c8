/**
 * What it costs to read 100 MB of exposition, beside `promtool check metrics`, in one run: processor time (user and system) and
 * what the resident memory grows by.
 * `node bench/parse-exposition.ts [MB]`. promtool reads text alone; OpenMetrics is beside its time on the same page as text.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createExpositionReader } from '../src/formats/exposition/index.ts';
import { peer } from '../test/conformance/peers.ts';
import { type PageFormat, writePage } from './large-page.ts';

type Mode = 'strict' | 'lenient';

async function readHere(path: string, format: PageFormat, mode: Mode): Promise<void> {
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
else await readHere(path as string, format as PageFormat, mode as Mode);
