/**
 * The problem of a listen address that is no string. In a file of its own, since a bridge that never listens loads no resolver.
 */
import type { Problem } from '../../core/errors/error.ts';
import { shown } from '../../core/errors/shown.ts';

export const examplePort = 9478;

export function notAddress(value: unknown, at: string, usualPort = examplePort): Problem {
  const fix = `write "127.0.0.1:${typeof value === 'number' ? value : usualPort}", in quotes`;
  return { at, got: shown(value, 60), rule: 'an address is a string of host and port', fix };
}
