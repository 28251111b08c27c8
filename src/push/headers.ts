/** Headers of a push. They carry keys and tokens, so only their names are ever told. */
import type { Problem } from '../errors/error.ts';
import { type Environment, otlpNames, pairs, text, type Warn } from './environment.ts';

/** Set by the exporter itself, or by the connection. */
const reserved = new Set(['content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'host', 'connection']);

/** Variables for all signals, then for metrics, then the option; the later goes before the earlier. Names in lower case. */
export function resolveHeaders(
  option: Readonly<Record<string, string>> | undefined,
  env: Environment,
  problems: Problem[],
  warn: Warn,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const at of otlpNames('HEADERS').toReversed()) {
    const told = pairs(text(env, at) ?? '', (position, reason) => warn(`${at}: entry ${position} ${reason}. It is ignored.`));
    for (const [name, value] of Object.entries(told)) {
      const wrong = whatIsWrong(name, value);
      if (wrong === undefined) headers[name.toLowerCase()] = value;
      else warn(`${at}: header ${JSON.stringify(name)} ${wrong}. It is ignored.`);
    }
  }
  for (const [name, value] of Object.entries(option ?? {})) {
    const wrong = whatIsWrong(name, value);
    if (wrong === undefined) headers[name.toLowerCase()] = value;
    else
      problems.push({
        at: `push.headers[${JSON.stringify(name)}]`,
        got: '[redacted]',
        rule: `it ${wrong}`,
        fix: 'correct it or leave it out',
      });
  }
  return Object.freeze(headers);
}

function whatIsWrong(name: string, value: unknown): string | undefined {
  if (reserved.has(name.toLowerCase())) return 'is set by the exporter itself';
  if (typeof value !== 'string') return 'must be a text';
  // Loaded only for who has headers: `node:http` is a third of the time that importing Meterbridge takes.
  const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule('node:http');
  try {
    validateHeaderName(name);
  } catch {
    return 'is not a legal header name';
  }
  try {
    validateHeaderValue(name, value);
  } catch {
    return 'has a value that no header may have';
  }
  return undefined;
}
