import { MeterbridgeError } from '../../../core/errors/error.ts';

/** What is to be read cannot be read. */
export function sourceError(at: string, got: string, rule: string, fix: string, cause?: unknown): MeterbridgeError {
  return new MeterbridgeError('CHECK_SOURCE', [{ at, got, rule, fix }], { cause });
}

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
