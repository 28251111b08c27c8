/** The command line in this process: what it writes, and its exit code. That a process ends with them is `main.test.ts`'. */
import { Writable } from 'node:stream';
import { run } from '../../../src/tools/cli/run.ts';

export async function runHere(args: readonly string[]) {
  const [stdout, stderr] = [collected(), collected()];
  const status = await run(args, { stdout: stdout.sink, stderr: stderr.sink });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

function collected() {
  const chunks: string[] = [];
  const sink = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { sink, text: () => chunks.join('') };
}
