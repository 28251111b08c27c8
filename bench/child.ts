/**
 * The process of one contender. A line `round` on standard input is answered with a line of figures on standard output; the end
 * of the input ends the process. `node --expose-gc bench/child.ts SUITE CASE CONTENDER quick|full`
 */
import { createInterface } from 'node:readline';
import { Skip } from './bench-case.ts';
import { casesOf } from './suites/index.ts';

const [suite = '', name = '', contender = '', size = ''] = process.argv.slice(2);

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main(): Promise<void> {
  const found = (await casesOf(suite)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name} in the suite ${suite}`);
  const round = await found.prepare(contender, size === 'quick');
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'round') say({ values: await round() });
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  if (!(error instanceof Skip)) throw error;
  say({ skip: error.message });
  process.exit(0);
}
