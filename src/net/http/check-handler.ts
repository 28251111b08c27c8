import { MeterbridgeError } from '../../core/errors/error.ts';
import { shown } from '../../core/errors/shown.ts';

/** @throws OPTION_INVALID for what is no handler, such as a bridge: it would respond to each request with 500 */
export function checkHandler(given: unknown, at: string): void {
  if (typeof given === 'function') return;
  const isBridge = typeof given === 'object' && given !== null && 'scrape' in given && typeof given.scrape === 'function';
  const got = isBridge ? 'a bridge' : shown(given, 60);
  const fix = isBridge ? 'pass bridge.scrape' : 'pass a function of a request, such as bridge.scrape';
  throw new MeterbridgeError('OPTION_INVALID', [{ at, got, rule: 'it is a handler', fix }]);
}
