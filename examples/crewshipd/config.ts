/** crewshipd's variables, read into one frozen configuration. Reports all problems together. */
import { fileURLToPath } from 'node:url';
import { type CrewshipdMetrics, resolveCrewshipdMetrics } from '../../instrumentation/crewshipd/index.ts';
import { collectProblems } from '../../src/host.ts';
import { count, path, port, secret, text } from '../kinds.ts';
import { allOrNothing, type Environment, readFlags, readSettings } from '../settings.ts';

const keys = {
  /** The host's default is every interface; the example listens on loopback only. */
  host: { ...text, variable: 'CREWSHIP_HOST', otherwise: '127.0.0.1' },
  port: { ...port(8_080), variable: 'CREWSHIP_PORT' },
  /** Folder of the database. */
  data: { ...path, variable: 'CREWSHIP_DATA_DIR', otherwise: fileURLToPath(new URL('./.crewship', import.meta.url)) },
  /** Agent runs at a time. */
  maxRuns: { ...count, variable: 'CREWSHIP_MAX_CONCURRENT_RUNS', otherwise: 8, fix: 'write e.g. 8' },
  /** Bearer token of the API; without one no request can queue an assignment. */
  token: { ...secret, variable: 'CREWSHIP_INTERNAL_TOKEN' },
};

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem; also of flags, of which it has none */
export function loadConfig(args: readonly string[], env: Environment) {
  return allOrNothing((problems) => {
    readFlags(args, keys, problems);
    const settings = readSettings(keys, { env }, problems);
    return { ...settings, metrics: collectProblems(problems, () => resolveCrewshipdMetrics(env)) as CrewshipdMetrics };
  });
}
