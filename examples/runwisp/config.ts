/** `runwisp.toml`, flags and environment, read into one frozen configuration. Everything that is wrong is said at once. */
import { BlockList, isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { Cron } from 'croner';
import { type RunwispMetrics, resolveRunwispMetrics } from '../../instrumentation/runwisp/index.ts';
import { attempt } from '../../src/access.ts';
import { MeterbridgeError, type Problem } from '../../src/index.ts';
import { type Flags, readOutside } from '../outside.ts';
import { count, duration, isTable, type Key, port, readTable, secret, type Table, text } from '../table.ts';
import { readSection, readToml, unknownSections } from '../toml.ts';

export interface TaskConfig {
  readonly name: string;
  readonly kind: 'task' | 'service';
  /** Shell command. */
  readonly run: string;
  readonly cron?: string | undefined;
  readonly everyMs?: number | undefined;
  /** The run is killed after it, and has failed. */
  readonly timeoutMs?: number | undefined;
  /** Runs of this task that are kept. */
  readonly keepRuns: number;
  readonly keepForMs: number;
}

export interface RunwispConfig {
  readonly host: string;
  readonly port: number;
  /** Folder of the run database. */
  readonly data: string;
  /** Where commands run: the folder of the configuration. */
  readonly folder: string;
  /** Bearer token of the API; without one no request can start a task. */
  readonly token: string | undefined;
  /** Proxies whose `X-Forwarded-For` counts. */
  readonly trustProxy: readonly string[];
  readonly metrics: RunwispMetrics;
  readonly tasks: readonly TaskConfig[];
}

/** Flags and environment win over the file, in this order. */
export interface ConfigInput {
  readonly file: string;
  readonly flags?: Flags;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 9477;
/** Beside the configuration, so that two daemons with two files do not share a database. */
const DEFAULT_DATA = '.runwisp';
const DEFAULT_KEEP_RUNS = 1_000;
const DEFAULT_KEEP_FOR_MS = 90 * 86_400_000;

const cron: Key<string> = {
  read(value) {
    try {
      new Cron(value as string).stop();
      return value as string;
    } catch {
      return undefined;
    }
  },
  rule: 'this is a cron expression of five fields, or six with seconds',
  fix: 'write e.g. "*/5 * * * *"',
};
const daemonKeys = { host: text, port, data: text, token: secret };
const defaultKeys = { timeout: duration, keep_runs: count, keep_for: duration };
const taskKeys = { ...defaultKeys, run: text, cron, every: duration };
const serviceKeys = { run: text, keep_runs: count, keep_for: duration };

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem of the file, the flags and the environment */
export function loadConfig({ file, flags = {}, env = {} }: ConfigInput): RunwispConfig {
  const root = readToml(file, 'see examples/runwisp/runwisp.toml');
  const problems: Problem[] = [];
  const metrics = attempt(problems, () => resolveRunwispMetrics(isTable(root.daemon) ? root.daemon : {}));
  const daemon = readTable('daemon', root.daemon, daemonKeys, problems, (key) => key.startsWith('metrics_'));
  const tasks = [...readTasks(root, 'task', problems), ...readTasks(root, 'service', problems)];
  unknownSections(root, ['daemon', 'defaults', 'tasks', 'services'], problems);
  nameProblems(root, problems);
  const outside = readOutside('RUNWISP', flags, env, problems);
  const trustProxy = readProxies(env.RUNWISP_TRUST_PROXY, problems);
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  const folder = dirname(resolve(file));
  return Object.freeze({
    host: outside.host ?? daemon.host ?? DEFAULT_HOST,
    port: outside.port ?? daemon.port ?? DEFAULT_PORT,
    data: dataFolder(outside.data, daemon.data, folder),
    folder,
    token: env.RUNWISP_TOKEN ?? daemon.token,
    trustProxy,
    metrics: metrics as RunwispMetrics,
    tasks: Object.freeze(tasks),
  });
}

function readTasks(root: Table, kind: TaskConfig['kind'], problems: Problem[]): readonly TaskConfig[] {
  // The defaults' own problems are reported once, with the tasks.
  const defaults = readTable('defaults', root.defaults, defaultKeys, kind === 'task' ? problems : []);
  return readSection(root, `${kind}s`, problems, (name, at, table) => {
    const read = readTable<typeof taskKeys>(at, table, (kind === 'task' ? taskKeys : serviceKeys) as typeof taskKeys, problems);
    if (isTable(table)) taskProblems(at, table, problems);
    return Object.freeze({
      name,
      kind,
      run: read.run ?? '',
      cron: read.cron,
      everyMs: read.every,
      timeoutMs: kind === 'service' ? undefined : (read.timeout ?? defaults.timeout),
      keepRuns: read.keep_runs ?? defaults.keep_runs ?? DEFAULT_KEEP_RUNS,
      keepForMs: read.keep_for ?? defaults.keep_for ?? DEFAULT_KEEP_FOR_MS,
    });
  });
}

function taskProblems(at: string, table: Table, problems: Problem[]): void {
  if (table.run === undefined) problems.push({ at: `${at}.run`, got: 'nothing', rule: 'each task has a command', fix: 'write run = "…"' });
  if (table.cron === undefined || table.every === undefined) return;
  problems.push({ at: `${at}.every`, got: 'cron as well', rule: 'a task has one schedule', fix: 'keep one of cron and every' });
}

function nameProblems(root: Table, problems: Problem[]): void {
  if (!isTable(root.tasks) || !isTable(root.services)) return;
  for (const name of Object.keys(root.services)) {
    if (!Object.hasOwn(root.tasks, name)) continue;
    problems.push({ at: `services.${name}`, got: 'a task of that name', rule: 'names are used once', fix: 'rename one of them' });
  }
}

function readProxies(list: string | undefined, problems: Problem[]): readonly string[] {
  const proxies = (list ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  for (const entry of proxies) {
    if (isProxy(entry)) continue;
    const rule = 'each entry is an address or a CIDR range that does not hold everybody';
    problems.push({ at: 'RUNWISP_TRUST_PROXY', got: JSON.stringify(entry), rule, fix: 'write e.g. 10.0.0.0/8,::1' });
  }
  return Object.freeze(proxies);
}

function isProxy(entry: string): boolean {
  const [address = '', prefix, rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest !== undefined) return false;
  if (prefix === undefined) return true;
  if (!/^[1-9]\d*$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}

/** A path on the command line is meant from here, one in the file from there. */
function dataFolder(fromOutside: string | undefined, fromFile: string | undefined, folder: string): string {
  return fromOutside === undefined ? resolve(folder, fromFile ?? DEFAULT_DATA) : resolve(fromOutside);
}
