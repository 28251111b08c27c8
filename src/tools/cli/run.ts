/** The command line: picks a subcommand, and turns errors into a message and an exit code. */
import { MeterbridgeError } from '../../core/errors/error.ts';
import { visibleLines } from '../../core/errors/visible.ts';
import { type Command, exitCodes, type Streams } from './command.ts';
import { usageError } from './usage-error.ts';
import { version } from './version.ts';

/** By name, in the order of the help. Each is imported when it is needed: `--version` and a health probe start often. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  health: async () => (await import('./commands/health.ts')).health,
  validate: async () => (await import('./commands/validate.ts')).validate,
  components: async () => (await import('./commands/components.ts')).components,
  storage: async () => (await import('./commands/storage.ts')).storage,
  'print-config': async () => (await import('./commands/print-config.ts')).printConfig,
  series: async () => (await import('./commands/series.ts')).series,
  contract: async () => (await import('./commands/contract.ts')).contract,
  infer: async () => (await import('./commands/infer.ts')).infer,
  check: async () => (await import('./commands/check.ts')).check,
  diff: async () => (await import('./commands/diff.ts')).diff,
  docs: async () => (await import('./commands/docs.ts')).docs,
  dashboards: async () => (await import('./commands/dashboards.ts')).dashboards,
  rules: async () => (await import('./commands/rules.ts')).rules,
  demo: async () => (await import('./commands/demo.ts')).demo,
};

/** Runs what the arguments name and resolves with the exit code. Never throws. */
export async function run(args: readonly string[], streams: Streams): Promise<number> {
  try {
    return await dispatch(args, streams);
  } catch (error) {
    streams.stderr.write(`meterbridge: ${visibleLines(error instanceof Error ? error.message : String(error))}\n`);
    return MeterbridgeError.is(error) && (error.code === 'CLI_USAGE' || error.code === 'CHECK_SOURCE')
      ? exitCodes.usage
      : exitCodes.failed;
  }
}

async function dispatch([name, ...rest]: readonly string[], streams: Streams): Promise<number> {
  const answer = (text: string) => {
    streams.stdout.write(text);
    return exitCodes.done;
  };
  if (name === '--version' || name === '-V') return answer(`${version()}\n`);
  if (name === '--help' || name === '-h' || name === 'help') return answer(await help());
  if (name === undefined) throw usageError('COMMAND', 'nothing', 'a command is required', `use one of ${names()}, or --help`);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined)
    throw usageError('COMMAND', JSON.stringify(name), 'this is no command', `use one of ${names()}, or --help`);
  const command = await load();
  return rest.includes('--help') || rest.includes('-h') ? answer(command.help()) : await command.run(rest, streams);
}

function names(): string {
  return Object.keys(commands).join(', ');
}

async function help(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const lines = loaded.map((command) => `  ${command.usage}\n      ${command.summary}`);
  return `Usage: meterbridge COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\n  --help, -h      this text, or that of a command\n  --version, -V   the version\n`;
}
