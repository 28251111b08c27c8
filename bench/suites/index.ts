/** Suites by name. A suite is a list of cases; only the one that is asked for is loaded. */
import type { BenchCase } from '../bench-case.ts';

const loaders: Readonly<Record<string, () => Promise<{ readonly cases: readonly BenchCase[] }>>> = {
  record: () => import('./record.ts'),
  scrape: () => import('./scrape.ts'),
  stall: () => import('./stall.ts'),
  push: () => import('./push.ts'),
  memory: () => import('./memory.ts'),
  start: () => import('./start.ts'),
  series: () => import('./series.ts'),
  ingest: () => import('./ingest.ts'),
  http: () => import('./http.ts'),
  processes: () => import('./processes.ts'),
  runtime: () => import('./runtime.ts'),
  'http-overhead': () => import('./http-overhead.ts'),
};

export async function casesOf(suite: string): Promise<readonly BenchCase[]> {
  const load = loaders[suite];
  if (load === undefined) throw new Error(`no suite ${suite}`);
  return (await load()).cases;
}
