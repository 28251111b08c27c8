/** `restic-manager.yaml`, flags and environment, read into one frozen configuration. Reports all problems together. */
import { type ResticManagerMetrics, resolveResticManagerMetrics } from '../../instrumentation/restic-manager/index.ts';
import { bearer } from '../../src/access.ts';
import { collectProblems } from '../../src/host.ts';
import { openConfig } from '../config-file.ts';
import { count, duration, type Kind, path, port, secret, text } from '../kinds.ts';
import { allOrNothing, type Environment, readSettings, type Values } from '../settings.ts';

const hostName: Kind<string> = {
  read: (value) => (typeof value === 'string' && /^[^\p{Cc}]{1,64}$/u.test(value) ? value : undefined),
  rule: 'a name is a string of 1 to 64 characters without control characters',
  fix: 'add name: … in quotes',
};
const hostKeys = {
  name: { ...hostName, needed: true },
  /** A file that stands for the machine: while it exists, the agent is online. */
  folder: { ...path, needed: true, fix: 'add folder: … in quotes' },
  /** Where its repository is. Default: in the data folder. */
  repo: path,
};
/** A host that is enrolled at the first start. */
export type HostConfig = Values<typeof hostKeys>;

const hosts: Kind<readonly HostConfig[]> = {
  read(value, at, folder) {
    if (!Array.isArray(value)) return undefined;
    return allOrNothing((problems) =>
      value.map((table, index) => Object.freeze(readSettings(hostKeys, { at: `${at}[${index}]`, table, folder }, problems))),
    );
  },
  rule: 'this is a list',
  fix: 'begin each entry with "- "',
};

const keys = {
  host: { ...text, flag: 'host', variable: 'RM_HOST', otherwise: '127.0.0.1' },
  port: { ...port(8_080), flag: 'port', short: 'p', variable: 'RM_PORT' },
  /**
   * Folder of database, password and repositories: beside the configuration, so that two of them with two files do not share one.
   */
  data: { ...path, flag: 'data', variable: 'RM_DATA', otherwise: '.restic-manager' },
  token: { ...secret, variable: 'RM_TOKEN' },
  /** From the end of a round of jobs to the next one. */
  everyMs: { ...duration, inFile: 'every', otherwise: '1m' },
  /** Snapshots that `forget` leaves of each host. */
  keep: { ...count, otherwise: 3 },
  hosts: { ...hosts, otherwise: [] },
};

export type ResticManagerConfig = ReturnType<typeof loadConfig>;

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem of the file, the flags and the environment */
export function loadConfig(args: readonly string[], env: Environment) {
  return allOrNothing((problems) => {
    const source = { args, env, keys, variable: 'RM_CONFIG', example: 'examples/restic-manager/restic-manager.yaml' };
    const { flags, root, folder } = openConfig(source, problems);
    const metrics = collectProblems(problems, () => resolveResticManagerMetrics(root, env)) as ResticManagerMetrics;
    const elsewhere = (key: string) => key.startsWith('metrics_');
    const { token, ...settings } = readSettings(keys, { flags, env, table: root, folder, elsewhere }, problems);
    // Who may use the API; without a gate there is none.
    return { ...settings, api: token && bearer(token), metrics };
  });
}
