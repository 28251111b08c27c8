/** `parseArgs`, with an error that names the command. */
import { parseArgs } from 'node:util';
import { usageError } from './usage-error.ts';

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** Of a command whose arguments are no secrets: the error shows them. */
export function parsedArguments<const T extends Options>(args: readonly string[], options: T, usage: string) {
  return orUsageError(args.join(' '), `meterbridge ${usage}`, () =>
    parseArgs({ args: [...args], allowPositionals: true, options }),
  );
}

/** A header among them may be a secret. */
export function parsedSecretArguments<const T extends Options>(args: readonly string[], options: T, usage: string) {
  const fix = `meterbridge ${usage}; --help lists the options`;
  return orUsageError(`${args.length} arguments`, fix, () => parseArgs({ args: [...args], allowPositionals: true, options }));
}

/** Of a command that takes options alone. */
export function parsedOptions<const T extends Options>(args: readonly string[], options: T, usage: string) {
  return orUsageError(args.join(' '), `meterbridge ${usage}`, () => parseArgs({ args: [...args], options }).values);
}

function orUsageError<T>(got: string, fix: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw usageError('ARGUMENTS', got, error instanceof Error ? error.message : String(error), fix);
  }
}
