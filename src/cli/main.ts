#!/usr/bin/env node
/** The `meterbridge` command: picks a subcommand, and turns errors into a message and an exit code. */
import { createRequire } from 'node:module';
import { MeterbridgeError } from '../errors/error.ts';
import type { Command } from './command.ts';
import { series } from './series.ts';
import { usageError } from './usage-error.ts';

const commands: readonly Command[] = [series];

/** Exit codes: the arguments were wrong; anything else went wrong. */
const USAGE = 2;
const FAILED = 1;

async function output(args: readonly string[]): Promise<string> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-V') return `${version()}\n`;
  if (name === '--help' || name === '-h' || name === 'help') return help();
  if (name === undefined) throw usageError('COMMAND', 'nothing', 'a command is required', `use one of ${names()}, or --help`);
  const command = commands.find((known) => known.name === name);
  if (command === undefined) throw usageError('COMMAND', JSON.stringify(name), 'this is no command', `use one of ${names()}, or --help`);
  return rest.includes('--help') || rest.includes('-h') ? command.help() : await command.run(rest);
}

function names(): string {
  return commands.map((command) => command.name).join(', ');
}

function help(): string {
  const lines = commands.map((command) => `  ${command.usage}\n      ${command.summary}`);
  return `Usage: meterbridge COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\n  --help, -h      this text, or that of a command\n  --version, -V   the version\n`;
}

function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('meterbridge/package.json');
  return (manifest as { version: string }).version;
}

try {
  process.stdout.write(await output(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`meterbridge: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof MeterbridgeError && error.code === 'CLI_USAGE' ? USAGE : FAILED;
}
