/**
 * `node test/run.ts [--at-once N] PATTERN...`: runs test files, N processes at once, in the order of the patterns: what waits
 * long comes first. A file that fails beside others runs once more, alone, and the last lines name each that passed only then: it
 * depends on time or order. With `CI=true`, more than two of them fail the run. What fails alone, too, always does.
 */
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { together } from './together.ts';

const root = join(import.meta.dirname, '..');
const timeoutMs = 1_200_000;
/** More than these is no busy machine. */
const mostAgain = 5;
const mostOnlyAlone = process.env.CI === 'true' ? 2 : mostAgain;

/** The files that failed. A test that a helper declares is one of the file that runs. */
async function failing(paths: readonly string[], atOnce: number): Promise<readonly string[]> {
  using shared = together(paths);
  const failed = new Set<string>();
  const events = run({ files: [...shared.files], concurrency: atOnce, timeout: timeoutMs, cwd: root });
  events.on('test:fail', ({ file = 'unknown', todo, ...event }) => {
    if (todo !== undefined && todo !== false) return;
    const { entryFile = file } = event as { readonly entryFile?: string };
    for (const path of paths.includes(file) ? [file] : shared.members(entryFile)) failed.add(path);
  });
  const output = events.compose(spec);
  output.pipe(process.stdout, { end: false });
  await once(output, 'end');
  return [...failed];
}

/** Whether all of them pass, beside others or alone. */
export async function runFiles(files: readonly string[], atOnce: number): Promise<boolean> {
  const named = (paths: readonly string[]) => paths.map((path) => relative(root, path)).join(', ');
  const say = (text: string) => void process.stdout.write(`\n=== ${text}\n`);
  const first = await failing(
    files.map((file) => resolve(root, file)),
    atOnce,
  );
  if (first.length === 0) return true;
  if (first.length > mostAgain) {
    say(`${first.length} files failed: ${named(first)}`);
    return false;
  }
  say(`again, alone: ${named(first)}`);
  const second = await failing(first, 1);
  const onlyAlone = first.filter((path) => !second.includes(path));
  if (second.length > 0) say(`failed, also alone: ${named(second)}`);
  if (onlyAlone.length > 0) say(`PASSED ONLY ALONE: ${named(onlyAlone)}. Such a test depends on time or order: mend it.`);
  if (onlyAlone.length > mostOnlyAlone)
    say(`${onlyAlone.length} such files are too many with CI=true: ${mostOnlyAlone} may pass`);
  return second.length === 0 && onlyAlone.length <= mostOnlyAlone;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'at-once': { type: 'string', default: '4' } } });
  const files = [...new Set(positionals.flatMap((pattern) => globSync(pattern, { cwd: root }).sort()))];
  process.exitCode = (await runFiles(files, Number(values['at-once']))) ? 0 : 1;
}
