/** A start of `serve --keep`: from exec to readiness, to the first batch that is taken, and to the end of the first page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchCase, Skip } from '../bench-case.ts';
import { type Load, requestsOf } from './payloads.ts';
import { createHttpSender, httpFrame } from './send.ts';
import { type Server, startServer } from './server.ts';

/** Series that are made and sent at once, so that their requests fit into memory. */
const seriesAtOnce = 50_000;
/** Between two attempts of a scraper that got no page, in milliseconds. */
const againMs = 10;
/** How often a snapshot is tried again. */
const mostEnds = 5;
const agent = new Agent({ keepAlive: false });

export function keptStart(name: string, load: Load, options: Pick<BenchCase, 'fullOnly'> = {}): BenchCase {
  const series = `${load.series.toLocaleString('en')} ${load.kind}s`;
  return {
    suite: 'start',
    name,
    what: `\`serve --keep\` with a snapshot of ${series}: from exec to readiness, to the first batch taken, to the last byte of a page with all of them; processor time until then`,
    contenders: ['meterbridge'],
    rounds: 5,
    quickRounds: 2,
    ...options,
    async prepare() {
      if (process.platform !== 'linux') throw new Skip('processor time is read from /proc');
      const folder = mkdtempSync(join(tmpdir(), 'meterbridge-kept-'));
      process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
      const flags = ['--keep', folder];
      await fill(load, flags);
      return async () => {
        const server = await startServer('meterbridge', { flags });
        const ready = performance.now() - server.startedAt;
        const [taken, page] = await Promise.all([firstBatch(server, load), firstPage(server)]);
        const cpu = server.cpu();
        // Without a snapshot of its own, so that each round finds the same.
        await server.stop('SIGKILL');
        if (page.series !== load.series) throw new Error(`BUG: ${page.series} series are shown, not ${load.series}`);
        return {
          'ms to first page': page.at - server.startedAt,
          'ms to first batch': taken,
          'ms to ready': ready,
          'CPU ms': cpu * 1e3,
        };
      };
    },
  };
}

/** Leaves a snapshot. */
async function fill(load: Load, flags: readonly string[]): Promise<void> {
  const server = await startServer('meterbridge', { flags });
  const sender = await createHttpSender(server);
  const count = Math.min(seriesAtOnce, load.series);
  for (let first = 0; first < load.series; first += count)
    await sender.send(requestsOf(load, Date.now(), first, count).map(httpFrame(false)));
  sender.close();
  // It ends after some seconds, whether the snapshot was written or not.
  for (let left = mostEnds, last = server; !(await last.stop('SIGTERM')); left--) {
    if (left === 0) throw new Error('the machine is too busy to write a snapshot');
    last = await startServer('meterbridge', { flags });
    await firstPage(last);
  }
}

/** Milliseconds from the start. */
async function firstBatch(server: Server, load: Load): Promise<number> {
  const sender = await createHttpSender(server);
  await sender.send(requestsOf(load, Date.now(), 0, load.points).map(httpFrame(false)));
  sender.close();
  return performance.now() - server.startedAt;
}

/** As a scraper would that asks again until it gets a page. */
async function firstPage({ metrics }: Server): Promise<{ readonly at: number; readonly series: number }> {
  for (;;) {
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      get(metrics, { agent }, resolve).on('error', reject),
    );
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    if (response.statusCode === 200) return { at: performance.now(), series: seriesOn(Buffer.concat(chunks)) };
    await sleep(againMs);
  }
}

/** Lines of gauges, and of counts of histograms. */
function seriesOn(page: Buffer): number {
  const { length } = page;
  let series = 0;
  for (let at = page.indexOf('\nshop_'); at !== -1; at = page.indexOf('\nshop_', at + 1)) {
    const end = page.indexOf('{', at);
    const name = page.toString('latin1', at, end === -1 ? length : end);
    if (/_gauge_\d+_seconds$|_histogram_\d+_seconds_count$/.test(name)) series++;
  }
  return series;
}
