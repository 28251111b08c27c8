import type { Gate } from './gate.ts';

/** Admits every request: for an endpoint that is meant to be open, where an access rule is required. */
export function open(): Gate {
  return Object.freeze({ type: 'open' });
}
