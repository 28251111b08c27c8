import { MeterbridgeError } from '../../core/errors/error.ts';
import { must, type OptionRule } from '../../core/errors/option-rules.ts';

const has = (value: unknown, key: string): boolean => typeof value === 'object' && value !== null && key in value;

/** Of an option that takes an `Access`. */
export const accessRule: OptionRule = must(
  (value) => {
    const { gate, refusal } = (value ?? {}) as { readonly gate?: unknown; readonly refusal?: unknown };
    return has(gate, 'type') && has(refusal, 'status');
  },
  'it has a gate, and the response to requests that the gate rejects',
  'write { gate: bearer(secretFile(path)), refusal: unauthorized() }',
  // It may hold a secret.
  (value) => (has(value, 'type') ? 'only a gate' : typeof value),
);

/** @throws ACCESS_CONFIG_INVALID */
export function checkAccess(given: unknown, at: string): void {
  const problems = accessRule(given ?? null, at);
  if (problems.length > 0) throw new MeterbridgeError('ACCESS_CONFIG_INVALID', problems);
}
