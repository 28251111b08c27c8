/** The `meterbridge` command as a process: its arguments, standard streams and exit code. */
import '../../core/node/supported.ts';
import { exitCodes } from './command.ts';
import { run } from './run.ts';

/**
 * 128 + SIGPIPE, as shells report a program whose reader has gone (`meterbridge series rm | head -1`). Node ignores that signal.
 */
const readerGone = 141;

const { stdout, stderr } = process;
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(readerGone);
  stderr.write(`meterbridge: standard output: ${error.message}\n`);
  process.exit(exitCodes.failed);
});
stderr.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? readerGone : exitCodes.failed));

process.exitCode = await run(process.argv.slice(2), { stdout, stderr });
