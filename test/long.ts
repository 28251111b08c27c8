/**
 * `npm run test:long`, in two phases: first what checks, the files of which `npm test` has a sample (they import `full.ts`), in
 * full; then what measures (`*.long.ts`). `--ci` is a form of a few minutes, with the same cases each time, in which only what
 * measures times and turns is in the second phase, two files at a time. A variable that is set goes ahead of these.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runFiles } from './run.ts';

const root = join(import.meta.dirname, '..');

const full = {
  METERBRIDGE_CASES: '100000',
  METERBRIDGE_MUTANTS: '1000000',
  METERBRIDGE_TRUTH: 'all',
  STORE_STRESS_WRITES: '100000000',
  METERBRIDGE_INCREMENTS: '1000000',
  METERBRIDGE_KILLS: '100',
  METERBRIDGE_KEEP_KILLS: '200',
  METERBRIDGE_OUTAGE_BATCHES: '21120',
  METERBRIDGE_ATTACK_SECONDS: '60',
  METERBRIDGE_SOAK_SECONDS: '1200',
};
/** Other cases than those of `npm test`, which has the seed 1. */
const continuous = {
  METERBRIDGE_BRIEF: 'true',
  METERBRIDGE_CASES: '2000',
  METERBRIDGE_SEED: '2',
  METERBRIDGE_MUTANTS: '20000',
  METERBRIDGE_TRUTH: 'some',
  STORE_STRESS_WRITES: '4000000',
  METERBRIDGE_INCREMENTS: '100000',
  METERBRIDGE_KILLS: '5',
  METERBRIDGE_KEEP_KILLS: '10',
  METERBRIDGE_OUTAGE_BATCHES: '5280',
  METERBRIDGE_ATTACK_SECONDS: '5',
  METERBRIDGE_ATTACKS: 'kinds',
  METERBRIDGE_SOAK_SECONDS: '45',
  METERBRIDGE_SLACK: '4',
};

const { values } = parseArgs({ options: { ci: { type: 'boolean', default: false } } });
for (const [name, value] of Object.entries({ METERBRIDGE_FULL: 'true', ...(values.ci ? continuous : full) }))
  process.env[name] ??= value;
const filesOf = (pattern: string) => globSync(pattern, { cwd: root }).sort();
const sampled = filesOf('test/**/*.test.ts').filter((file) => /\/full\.ts'/.test(readFileSync(join(root, file), 'utf8')));
/** They import nothing but what is typed, and have a variable of their own. */
const tables = filesOf('test/net/access/truth/*.test.ts');

/**
 * Bounds of times, of turns and of the memory of one service: not beside everything. Turns are measured in processor time, and
 * the soak has no times: those two go side by side, and behind the soak what waits.
 */
const timed = [
  'attack/starve',
  'attack/soak',
  'attack/once',
  'net/listen/slow-clients',
  'attack/page',
  'library/recording/remove',
].map((name) => `test/${name}.long.ts`);
const long = filesOf('test/**/*.long.ts');
const [measuring, beside] = values.ci ? [timed, long.filter((file) => !timed.includes(file))] : [long, []];

// Those of the tables wait the longest.
const checked = await runFiles([...new Set([...tables, ...beside, ...sampled])], values.ci ? 4 : 3);
const measured = await runFiles(measuring, values.ci ? 2 : 1);
process.exitCode = checked && measured ? 0 : 1;
