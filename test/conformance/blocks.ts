/** A real Prometheus that has samples of the past, and scrapes nothing. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { newFolder, type Prometheus, runPrometheus } from './prometheus.ts';

/** @param page OpenMetrics, with a time for each sample */
export async function prometheusWith(t: TestContext, prometheus: string, promtool: string, page: string): Promise<Prometheus> {
  const folder = await newFolder();
  const file = join(folder, 'page.om');
  await writeFile(file, page);
  const made = spawnSync(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`promtool: ${made.stdout}${made.stderr}`);
  const args = ['--storage.tsdb.retention.time=100y', '--enable-feature=promql-experimental-functions'];
  const server = await runPrometheus(t, prometheus, { scrape_configs: [] }, { folder, args });
  t.after(() => server.stop());
  return server;
}
