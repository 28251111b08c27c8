/** `npm run bench`: runs suites and says what came out. */
import { writeFileSync } from 'node:fs';
import { judge } from './aims.ts';
import type { SuiteName } from './bench-case.ts';
import { environment, environmentLines } from './environment.ts';
import { updateDocument } from './markdown.ts';
import { readOptions, usage } from './options.ts';
import { type Report, rowLines } from './report.ts';
import { type Row, runCase } from './rounds.ts';
import { casesOf } from './suites/index.ts';

/** A suite's share of `--quick`, with some seconds left for the round that is under way. */
const quickSuiteMs = 35_000;
/** Where each case starts two servers and warms them up. */
const quickIngestMs = 48_000;

/** Progress goes to standard error: standard output may be the JSON. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') return say(usage);
  const env = environment();
  for (const line of environmentLines(env)) say(line);
  const skipped: string[] = [];
  const crashed: string[] = [];
  const rows: Row[] = [];
  const suites: SuiteName[] = [];
  for (const suite of options.suites) {
    const all = (await casesOf(suite)).filter(
      ({ name, fullOnly }) =>
        (options.only === undefined || name.includes(options.only)) && !(options.quick && fullOnly === true),
    );
    if (all.length > 0) suites.push(suite);
    let left = suite === 'ingest' ? quickIngestMs : quickSuiteMs;
    for (const [at, one] of all.entries()) {
      say(`\n${suite} ${one.name}: ${one.what}`);
      const from = performance.now();
      const endBy = options.quick ? from + left / (all.length - at) : Number.POSITIVE_INFINITY;
      const found = await runCase(one, {
        quick: options.quick,
        contenders: options.contenders,
        endBy,
        note: (line) => skipped.push(line) && say(`  ${line}`),
        crashed: (line) => crashed.push(line) && say(`  ${line}`),
      });
      left -= performance.now() - from;
      for (const row of found) {
        rows.push(row);
        for (const line of rowLines(row)) say(`  ${line}`);
        for (const { text } of judge(row)) say(`  ${text}`);
      }
    }
  }
  const report: Report = { environment: env, quick: options.quick, rows, skipped, crashed };
  if (options.json === '-') process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (options.markdown !== undefined) await updateDocument(options.markdown, report, suites, options.plot);
  if (crashed.length > 0) throw new Error(`crashed:\n${crashed.join('\n')}`);
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
}
