/**
 * The headers of a push. They carry keys and tokens, and with `Authorization: Bearer x==` written by mistake the name does too:
 * messages identify an entry by its number.
 */
import type { Problem } from '../../../core/errors/error.ts';
import { type Environment, otlpNames, pairs, text, type Warn } from './environment.ts';

/** The exporter or the connection sets these. */
const reserved = new Set(['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'host', 'connection']);

/** Variables for all signals, then for metrics, then the option; each overrides the earlier. Names in lower case. */
export function resolveHeaders(
  option: Readonly<Record<string, string>> | undefined,
  env: Environment,
  problems: Problem[],
  warn: Warn,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const at of otlpNames('HEADERS').toReversed()) {
    const ignore = (position: number, reason: string) => warn(`${at}: entry ${position} ${reason}. It is ignored.`);
    for (const { key, value, position } of pairs(text(env, at) ?? '', ignore)) {
      const wrong = whatIsWrong(key, value);
      if (wrong === undefined) headers[key.toLowerCase()] = value;
      else ignore(position, wrong);
    }
  }
  for (const [index, [name, value]] of Object.entries(option ?? {}).entries()) {
    const wrong = whatIsWrong(name, value);
    if (wrong === undefined) headers[name.toLowerCase()] = value;
    else
      problems.push({
        at: `push.headers, entry ${index + 1}`,
        got: '[redacted]',
        rule: `it ${wrong}`,
        fix: 'correct it or leave it out',
      });
  }
  return Object.freeze(headers);
}

function whatIsWrong(name: string, value: unknown): string | undefined {
  if (reserved.has(name.toLowerCase())) return `names ${JSON.stringify(name)}, which is set by the exporter itself`;
  if (typeof value !== 'string') return 'must have a string as its value';
  // Loaded only if headers are set: `node:http` takes a third of the time to import Meterbridge.
  const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule('node:http');
  try {
    validateHeaderName(name);
  } catch {
    return 'has a name that no header may have';
  }
  try {
    validateHeaderValue(name, value);
  } catch {
    return 'has a value that no header may have';
  }
  return undefined;
}
