import type { Gate } from './gate.ts';

/** Admits every request: for an endpoint that is meant to be open, where a gate is required. */
export function open(): Gate {
  return Object.freeze({ type: 'open' });
}
