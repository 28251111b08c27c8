/** crewshipd's variables, read into one frozen configuration. Everything that is wrong is said at once. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CrewshipdMetrics, resolveCrewshipdMetrics } from '../../instrumentation/crewshipd/index.ts';
import { attempt, type Secret, secret } from '../../src/access.ts';
import { MeterbridgeError, type Problem } from '../../src/index.ts';
import { count, type Key, port, readValue, text } from '../table.ts';

export interface CrewshipdConfig {
  readonly host: string;
  readonly port: number;
  /** Folder of the database. */
  readonly data: string;
  /** Agent runs at a time. */
  readonly maxRuns: number;
  /** Bearer token of the API; without one nobody can queue an assignment. */
  readonly token: Secret | undefined;
  readonly metrics: CrewshipdMetrics;
}

/** The host's own default is every interface; an example stays on this machine. */
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8080;
const DEFAULT_DATA = fileURLToPath(new URL('./.crewship', import.meta.url));
const DEFAULT_MAX_RUNS = 8;

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): CrewshipdConfig {
  const problems: Problem[] = [];
  function read<T>(name: string, key: Key<T>, otherwise: T, convert: (given: string) => unknown = (given) => given): T {
    const given = env[name];
    return given === undefined ? otherwise : (readValue(name, convert(given), key, problems) ?? otherwise);
  }
  const number = (given: string) => (/^\d{1,5}$/.test(given) ? Number(given) : given);
  const { CREWSHIP_INTERNAL_TOKEN: token } = env;
  const config = {
    host: read('CREWSHIP_HOST', text, DEFAULT_HOST),
    port: read('CREWSHIP_PORT', { ...port, fix: 'write e.g. 8080' }, DEFAULT_PORT, number),
    data: resolve(read('CREWSHIP_DATA_DIR', text, DEFAULT_DATA)),
    maxRuns: read('CREWSHIP_MAX_CONCURRENT_RUNS', { ...count, fix: 'write e.g. 8' }, DEFAULT_MAX_RUNS, number),
    token: token === undefined ? undefined : attempt(problems, () => secret(token, 'CREWSHIP_INTERNAL_TOKEN')),
    metrics: attempt(problems, () => resolveCrewshipdMetrics(env)) as CrewshipdMetrics,
  };
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze(config);
}
