/** promtool: Prometheus's own linter for text 0.0.4, for rule files and for its configuration. */
import { spawnSync } from 'node:child_process';

/**
 * The findings, one a line, e.g. `rm_hosts_total non-counter metrics should not have "_total" suffix`. Throws when it cannot
 * parse the text.
 */
export function checkMetrics(promtool: string, text: string | Uint8Array): string[] {
  const run = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  const said = `${run.stdout}${run.stderr}`.split('\n').filter((line) => line !== '');
  // 0 = clean, 3 = valid, but with findings.
  if (run.status !== 0 && run.status !== 3) throw new Error(`promtool: ${said.join('; ') || run.error?.message}`);
  return said;
}

/** What `promtool ARGUMENTS` says; throws with it when that is not that all is well. */
export function promtoolSays(promtool: string, ...args: readonly string[]): string {
  const run = spawnSync(promtool, args, { encoding: 'utf8' });
  const said = `${run.stdout}${run.stderr}`;
  if (run.status !== 0) throw new Error(`promtool ${args.join(' ')}: ${said || run.error?.message}`);
  return said;
}
