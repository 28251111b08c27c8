/** The command line: picks a subcommand, and turns errors into a message and an exit code. */
import { MeterbridgeError } from '../errors/error.ts';
import { type Command, exitCodes, type Streams } from './command.ts';
import { check } from './commands/check.ts';
import { components } from './commands/components.ts';
import { contract } from './commands/contract.ts';
import { dashboards } from './commands/dashboards.ts';
import { demo } from './commands/demo.ts';
import { diff } from './commands/diff.ts';
import { docs } from './commands/docs.ts';
import { health } from './commands/health.ts';
import { infer } from './commands/infer.ts';
import { printConfig } from './commands/print-config.ts';
import { rules } from './commands/rules.ts';
import { series } from './commands/series.ts';
import { serve } from './commands/serve.ts';
import { validate } from './commands/validate.ts';
import { usageError } from './usage-error.ts';
import { version } from './version.ts';

const commands: readonly Command[] = [
  serve,
  health,
  validate,
  components,
  printConfig,
  series,
  contract,
  infer,
  check,
  diff,
  docs,
  dashboards,
  rules,
  demo,
];

/** Runs what the arguments name and resolves with the exit code. Never throws. */
export async function run(args: readonly string[], streams: Streams): Promise<number> {
  try {
    return await dispatch(args, streams);
  } catch (error) {
    streams.stderr.write(`meterbridge: ${error instanceof Error ? error.message : String(error)}\n`);
    return MeterbridgeError.is(error) && (error.code === 'CLI_USAGE' || error.code === 'CHECK_SOURCE') ? exitCodes.usage : exitCodes.failed;
  }
}

async function dispatch([name, ...rest]: readonly string[], streams: Streams): Promise<number> {
  const answer = (text: string) => {
    streams.stdout.write(text);
    return exitCodes.done;
  };
  if (name === '--version' || name === '-V') return answer(`${version()}\n`);
  if (name === '--help' || name === '-h' || name === 'help') return answer(help());
  if (name === undefined) throw usageError('COMMAND', 'nothing', 'a command is required', `use one of ${names()}, or --help`);
  const command = commands.find((known) => known.name === name);
  if (command === undefined) throw usageError('COMMAND', JSON.stringify(name), 'this is no command', `use one of ${names()}, or --help`);
  return rest.includes('--help') || rest.includes('-h') ? answer(command.help()) : await command.run(rest, streams);
}

function names(): string {
  return commands.map((command) => command.name).join(', ');
}

function help(): string {
  const lines = commands.map((command) => `  ${command.usage}\n      ${command.summary}`);
  return `Usage: meterbridge COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\n  --help, -h      this text, or that of a command\n  --version, -V   the version\n`;
}
