/**
 * What `meterbridge check` takes for a large page in text 0.0.4 and in OpenMetrics: seconds, processor time and the most resident
 * memory, as a linter and held to a contract.
 * `node bench/check-page.ts [MB]`. It needs GNU time.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capped, contract, counter, toJson } from '../src/core/contract/index.ts';
import { command } from '../test/tools/cli/run-command.ts';
import { writePage } from './large-page.ts';

/** Most of the page's families are not its own, and one breaks it. */
const shop = contract('shop', { requests0: counter({ help: 'Requests.', labels: { path: capped({ limit: 100 }) } }) });

function measure(args: readonly string[]) {
  const { stderr, status } = spawnSync('time', ['-f', '%e %U %S %M', process.execPath, ...command, 'check', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [seconds = Number.NaN, user = Number.NaN, system = Number.NaN, kibibytes = Number.NaN] = (
    stderr.trim().split('\n').at(-1) ?? ''
  )
    .split(' ')
    .map(Number);
  return `exit code ${status}, ${seconds.toFixed(1)} s (${(user + system).toFixed(1)} s of processor time), ${(kibibytes / 1024).toFixed(0)} MiB`;
}

const megabytes = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'check-page-'));
try {
  const file = join(folder, 'shop.json');
  writeFileSync(file, JSON.stringify(toJson(shop)));
  for (const format of ['text', 'openmetrics'] as const) {
    const page = join(folder, format);
    writePage(page, format, megabytes * 1e6);
    const size = `${(statSync(page).size / 1e6).toFixed(0)} MB`;
    console.log(`${format}, ${size}: ${measure([page])}`);
    console.log(`${format}, ${size}, --contract: ${measure([page, '--contract', file])}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
