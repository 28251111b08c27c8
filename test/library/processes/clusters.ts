/** Directs a cluster of workers that count. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '../../until.ts';
import type { Order, Report } from './cluster-program.ts';
import { valuesOf } from './values-of.ts';

export interface Cluster {
  readonly directory: string;
  /** Of the primary. */
  readonly pid: number;
  readonly send: (order: Order) => void;
  /** By name: what each worker has counted, as far as it has said. */
  readonly counted: ReadonlyMap<string, number>;
  readonly ended: ReadonlySet<string>;
  readonly stopped: ReadonlySet<string>;
  /** Of the primary, if it has a bridge. */
  readonly urls: ReadonlyMap<string, string>;
  /** Starts a worker, and waits until it listens. */
  start(name: string): Promise<void>;
  /** By name, what a scrape shows. Rejects if the worker that has the connection ends. */
  scrape(from?: string): Promise<ReadonlyMap<string, number>>;
}

/** A scraper's usual patience. */
const scrapeMs = 10_000;
const workerSeries = /^shop_orders_total\{by="([^"]+)"\}$/;

export function clusterOf(t: TestContext, primary: 'loads' | 'bare'): Cluster {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  const process = fork(join(import.meta.dirname, 'cluster-program.ts'), [directory, primary]);
  t.after(() => {
    process.kill('SIGKILL');
    // Workers end when they have lost their primary, and leave their records.
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  });
  const counted = new Map<string, number>();
  const ended = new Set<string>();
  const stopped = new Set<string>();
  const urls = new Map<string, string>();
  process.on('message', (report: Report) => {
    if (report.url !== undefined) urls.set(report.name, report.url);
    if (report.counted !== undefined) counted.set(report.name, report.counted);
    if (report.stopped === true) stopped.add(report.name);
    if (report.ended === true) ended.add(report.name);
  });
  const send = (order: Order) => void process.send(order);
  return {
    directory,
    pid: process.pid as number,
    send,
    counted,
    ended,
    stopped,
    urls,
    async start(name) {
      counted.set(name, 0);
      send({ start: name });
      await until(`${name} listens`, () => urls.has(name));
    },
    async scrape(from) {
      const url = urls.get(from ?? ([...counted.keys()].at(-1) as string)) as string;
      // A connection of its own: the primary hands it to one worker after the other. One that ends as it is given it leaves it
      // without an answer.
      const shown = await valuesOf(await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(scrapeMs) }));
      return new Map(Object.entries(shown).map(([series, value]) => [workerSeries.exec(series)?.[1] ?? series, value]));
    },
  };
}
