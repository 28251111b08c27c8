/**
 * `npm run test:long`: what measures instead of checking (`*.long.ts`), and random cases and writes in numbers that are too many for each run.
 * `--ci` is a form of a few minutes, with the same cases each time. A variable that is set goes ahead of these.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');

const full = {
  METERBRIDGE_CASES: '100000',
  METERBRIDGE_MUTANTS: '1000000',
  STORE_STRESS_WRITES: '100000000',
  METERBRIDGE_INCREMENTS: '1000000',
  METERBRIDGE_KILLS: '100',
};
/** Other cases than those of `npm test`, which has the seed 1. */
const continuous = {
  METERBRIDGE_CASES: '5000',
  METERBRIDGE_SEED: '2',
  METERBRIDGE_MUTANTS: '50000',
  STORE_STRESS_WRITES: '20000000',
  METERBRIDGE_INCREMENTS: '200000',
  METERBRIDGE_KILLS: '10',
};

const { values } = parseArgs({ options: { ci: { type: 'boolean', default: false } } });
const files = [
  'test/differential/differential.test.ts',
  'test/otlp/batch/read-mutated.test.ts',
  'test/otlp/batch/read-random.test.ts',
  'test/store/threads.test.ts',
  ...globSync('test/**/*.long.ts', { cwd: root }).sort(),
];
// One at a time: what measures has the machine for itself.
const options = ['--test', '--test-concurrency=1', '--test-timeout=7200000'];
const env = { ...(values.ci ? continuous : full), ...process.env };
process.exitCode = spawnSync(process.execPath, [...options, ...files], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
