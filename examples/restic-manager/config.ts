/** `restic-manager.yaml`, flags and environment, read into one frozen configuration. Everything that is wrong is said at once. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { type Environment, type ResticManagerMetrics, resolveResticManagerMetrics } from '../../instrumentation/restic-manager/index.ts';
import { attempt, bearer, type Gate, secret } from '../../src/access.ts';
import { MeterbridgeError, type Problem } from '../../src/index.ts';
import { type Flags, readOutside } from '../outside.ts';
import { count, duration, isTable, type Key, port, readTable, secret as secretKey, type Table, text } from '../table.ts';

/** A host that is enrolled at the first start. Its folder stands for the machine: while it is there, the agent is online. */
export interface HostConfig {
  readonly name: string;
  readonly folder: string;
  /** Where its repository is. Default: in the data folder. */
  readonly repo: string | undefined;
}

export interface ResticManagerConfig {
  readonly host: string;
  readonly port: number;
  /** Folder of the database, the password and the repositories. */
  readonly data: string;
  /** Who may use the API; without a gate there is none. */
  readonly api: Gate | undefined;
  /** From the end of a round of jobs to the next one. */
  readonly everyMs: number;
  /** Snapshots that `forget` leaves of each host. */
  readonly keep: number;
  readonly hosts: readonly HostConfig[];
  readonly metrics: ResticManagerMetrics;
}

/** Flags win over the environment, the environment over the file. */
export interface ConfigInput {
  readonly file: string;
  readonly flags?: Flags;
  readonly env?: Environment;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8080;
/** Beside the configuration, so that two of them with two files do not share a database. */
const DEFAULT_DATA = '.restic-manager';
const DEFAULT_EVERY_MS = 60_000;
const DEFAULT_KEEP = 3;

const list: Key<readonly unknown[]> = {
  read: (value) => (Array.isArray(value) ? value : undefined),
  rule: 'this is a list',
  fix: 'begin each entry with "- "',
};
const hostName: Key<string> = {
  read: (value) => (typeof value === 'string' && /^[^\p{Cc}]{1,64}$/u.test(value) ? value : undefined),
  rule: 'a name is a text of 1 to 64 characters without control characters',
  fix: 'write it in quotes',
};
const keys = { host: text, port, data: text, token: secretKey, every: duration, keep: count, hosts: list };
const hostKeys = { name: hostName, folder: text, repo: text };

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem of the file, the flags and the environment */
export function loadConfig({ file, flags = {}, env = {} }: ConfigInput): ResticManagerConfig {
  const problems: Problem[] = [];
  const root = readYaml(file);
  const folder = dirname(resolve(file));
  const metrics = attempt(problems, () => resolveResticManagerMetrics(root, env));
  const read = readTable('', root, keys, problems, (key) => key.startsWith('metrics_'));
  const hosts = readHosts(read.hosts ?? [], folder, problems);
  const outside = readOutside('RM', flags, env, problems);
  const [given, place] = env.RM_TOKEN === undefined ? [read.token, 'token'] : [env.RM_TOKEN, 'RM_TOKEN'];
  const api = given === undefined ? undefined : attempt(problems, () => bearer(secret(given, place)));
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze({
    host: outside.host ?? read.host ?? DEFAULT_HOST,
    port: outside.port ?? read.port ?? DEFAULT_PORT,
    // A path on the command line is meant from here, one in the file from there.
    data: outside.data === undefined ? resolve(folder, read.data ?? DEFAULT_DATA) : resolve(outside.data),
    api,
    everyMs: read.every ?? DEFAULT_EVERY_MS,
    keep: read.keep ?? DEFAULT_KEEP,
    hosts,
    metrics: metrics as ResticManagerMetrics,
  });
}

function readYaml(file: string): Table {
  const fail = (at: string, got: string, rule: string): never => {
    const fix = 'see examples/restic-manager/restic-manager.yaml';
    throw new MeterbridgeError('HOST_CONFIG_INVALID', [{ at, got: got.split('\n', 1)[0] as string, rule, fix }]);
  };
  let source = '';
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    return fail(file, (error as Error).message, 'the file can be read');
  }
  const document = parseDocument(source);
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const { line, col } = wrong.linePos?.[0] ?? { line: 1, col: 1 };
    return fail(`${file}:${line}:${col}`, wrong.message, 'the file is YAML');
  }
  const root: unknown = document.toJS() ?? {};
  return isTable(root) ? root : fail(file, JSON.stringify(root), 'the file has keys with values');
}

function readHosts(entries: readonly unknown[], folder: string, problems: Problem[]): readonly HostConfig[] {
  return Object.freeze(
    entries.map((entry, index) => {
      const at = `hosts[${index}]`;
      const read = readTable(at, entry, hostKeys, problems);
      for (const key of ['name', 'folder'] as const) {
        if (!isTable(entry) || Object.hasOwn(entry, key)) continue;
        problems.push({ at: `${at}.${key}`, got: 'nothing', rule: 'each host has a name and a folder', fix: `add ${key}: …` });
      }
      const inFile = (path: string) => resolve(folder, path);
      return Object.freeze({ name: read.name ?? '', folder: inFile(read.folder ?? ''), repo: read.repo && inFile(read.repo) });
    }),
  );
}
