/**
 * `node test/run.ts [--at-once N] PATTERN...`: runs test files, N processes at once, in the order of the patterns: what waits long comes first. A file
 * that fails beside others runs once more, alone, so that a busy machine does not fail a run; the last lines name each such file. What fails alone, too,
 * fails the run.
 */
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { together } from './together.ts';

const root = join(import.meta.dirname, '..');
const timeoutMs = 1_200_000;
/** More than these is no busy machine. */
const mostAgain = 5;

/** The files that failed. */
async function failing(paths: readonly string[], atOnce: number): Promise<readonly string[]> {
  using shared = together(paths);
  const failed = new Set<string>();
  const events = run({ files: [...shared.files], concurrency: atOnce, timeout: timeoutMs, cwd: root });
  events.on('test:fail', ({ file = 'unknown', todo }) => {
    if (todo === undefined || todo === false) for (const path of shared.members(file)) failed.add(path);
  });
  const output = events.compose(spec);
  output.pipe(process.stdout, { end: false });
  await once(output, 'end');
  return [...failed];
}

/** Whether all of them pass, beside others or alone. */
export async function runFiles(files: readonly string[], atOnce: number): Promise<boolean> {
  const first = await failing(
    files.map((file) => join(root, file)),
    atOnce,
  );
  if (first.length === 0 || first.length > mostAgain) return first.length === 0;
  const again = files.filter((file) => first.includes(join(root, file)));
  if (again.length < first.length) return false;
  process.stdout.write(`\n=== again, alone: ${again.join(', ')}\n`);
  const second = await failing(again, 1);
  if (second.length > 0) return false;
  process.stdout.write(`\nFAILED AT FIRST, AND PASSED ALONE: ${again.join(', ')}\nSuch a test depends on time or order. Mend it.\n`);
  return true;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'at-once': { type: 'string', default: '4' } } });
  const files = [...new Set(positionals.flatMap((pattern) => globSync(pattern, { cwd: root }).sort()))];
  process.exitCode = (await runFiles(files, Number(values['at-once']))) ? 0 : 1;
}
