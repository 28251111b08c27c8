/** `runwisp.toml`, flags and environment, read into one frozen configuration. Reports all problems together. */
import { isIP } from 'node:net';
import { Cron } from 'croner';
import { type RunwispMetrics, resolveRunwispMetrics } from '../../instrumentation/runwisp/index.ts';
import { collectProblems } from '../../src/host.ts';
import { MeterbridgeError, type Problem } from '../../src/index.ts';
import { openConfig, readSection, unknownSections } from '../config-file.ts';
import { count, duration, type Kind, path, port, text } from '../kinds.ts';
import { allOrNothing, type Environment, isTable, readSettings, type Table, type Values } from '../settings.ts';

const cron: Kind<string> = {
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

/** Addresses and ranges, with commas between them. */
const proxies: Kind<readonly string[]> = {
  read(value, at) {
    const entries = String(value)
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    const wrong = entries.filter((entry) => !isProxy(entry)).map((entry) => ({ at, got: JSON.stringify(entry), rule, fix }));
    if (wrong.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', wrong);
    return Object.freeze(entries);
  },
  rule: 'each entry is an address or a CIDR range that does not hold everybody',
  fix: 'write e.g. 10.0.0.0/8,::1',
};
const { rule, fix } = proxies;

function isProxy(entry: string): boolean {
  const [, address = '', bits = 1] = /^([^/]+)(?:\/([1-9]\d{0,2}))?$/.exec(entry) ?? [];
  return Number(bits) <= (({ 4: 32, 6: 128 } as Readonly<Record<number, number>>)[isIP(address)] ?? 0);
}

const keys = {
  host: { ...text, flag: 'host', variable: 'RUNWISP_HOST', otherwise: '127.0.0.1' },
  port: { ...port(9_477), flag: 'port', short: 'p', variable: 'RUNWISP_PORT' },
  /** Folder of the run database: beside the configuration, so that two daemons with two files do not share one. */
  data: { ...path, flag: 'data', variable: 'RUNWISP_DATA', otherwise: '.runwisp' },
  /** Bearer token of the API; without one no request can start a task. */
  token: { ...text, secret: true },
  /** Proxies whose `X-Forwarded-For` counts. */
  trustProxy: { ...proxies, variable: 'RUNWISP_TRUST_PROXY', inFile: null, otherwise: '' },
};
const defaultKeys = {
  timeoutMs: { ...duration, inFile: 'timeout' },
  keepRuns: { ...count, inFile: 'keep_runs', otherwise: 1_000 },
  keepForMs: { ...duration, inFile: 'keep_for', otherwise: '90d' },
};
const serviceKeys = {
  /** Shell command. */
  run: { ...text, needed: true, rule: 'each task has a command', fix: 'write run = "…"' },
  /** Runs of this task that are kept. */
  keepRuns: defaultKeys.keepRuns,
  keepForMs: defaultKeys.keepForMs,
};
const taskKeys = {
  ...serviceKeys,
  cron,
  everyMs: { ...duration, inFile: 'every' },
  /** The run is killed after it, and has failed. */
  timeoutMs: defaultKeys.timeoutMs,
};

export interface TaskConfig extends Values<typeof taskKeys> {
  readonly name: string;
  readonly kind: 'task' | 'service';
}

export type RunwispConfig = ReturnType<typeof loadConfig>;

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem of the file, the flags and the environment */
export function loadConfig(args: readonly string[], env: Environment) {
  return allOrNothing((problems) => {
    const source = { args, env, keys, variable: 'RUNWISP_CONFIG', example: 'examples/runwisp/runwisp.toml' };
    const { flags, root, folder } = openConfig(source, problems);
    const metrics = collectProblems(problems, () => resolveRunwispMetrics(isTable(root.daemon) ? root.daemon : {}));
    const elsewhere = (key: string) => key.startsWith('metrics_');
    const daemon = readSettings(keys, { flags, env, at: 'daemon', table: root.daemon, folder, elsewhere }, problems);
    const tasks = readTasks(root, problems);
    unknownSections(root, ['daemon', 'defaults', 'tasks', 'services'], problems);
    // An empty one overrides the file's too; no request can present it, so it counts as none.
    const token = env.RUNWISP_TOKEN ?? daemon.token;
    return { ...daemon, token: token === '' ? undefined : token, folder, metrics: metrics as RunwispMetrics, tasks };
  });
}

function readTasks(root: Table, problems: Problem[]): readonly TaskConfig[] {
  const defaults = readSettings(defaultKeys, { at: 'defaults', table: root.defaults }, problems);
  const tasks = readSection(root, 'tasks', problems, (name, at, table): TaskConfig => {
    const task = readSettings(taskKeys, { at, table, defaults }, problems);
    if (isTable(table) && table.cron !== undefined && table.every !== undefined) {
      problems.push({
        at: `${at}.every`,
        got: 'cron as well',
        rule: 'a task has one schedule',
        fix: 'keep one of cron and every',
      });
    }
    return Object.freeze({ name, kind: 'task', ...task });
  });
  const services = readSection(root, 'services', problems, (name, at, table): TaskConfig => {
    const service = readSettings(serviceKeys, { at, table, defaults }, problems);
    if (tasks.some((task) => task.name === name)) {
      problems.push({ at, got: 'a task of that name', rule: 'names are used once', fix: 'rename one of them' });
    }
    return Object.freeze({ name, kind: 'service', cron: undefined, everyMs: undefined, timeoutMs: undefined, ...service });
  });
  return Object.freeze([...tasks, ...services]);
}
