import { MeterbridgeError } from '../../core/errors/error.ts';

/** LISTEN_FAILED. `at` is the user's name for the address, by default `listen`. */
export function listenFailed(
  at: string | undefined,
  address: string,
  rule: string,
  fix: string,
  cause?: unknown,
): MeterbridgeError {
  return new MeterbridgeError('LISTEN_FAILED', [{ at: at ?? 'listen', got: JSON.stringify(address), rule, fix }], { cause });
}
