import { MeterbridgeError } from '../../core/errors/error.ts';

/** The command line itself is wrong: exit code 2. */
export function usageError(at: string, got: string, rule: string, fix: string): MeterbridgeError {
  return new MeterbridgeError('CLI_USAGE', [{ at, got, rule, fix }]);
}
