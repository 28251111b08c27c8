/** `solti.toml`, flags and environment, read into one frozen configuration. Reports all problems together. */
import { hostname } from 'node:os';
import { resolveSoltiMetrics, type SoltiMetrics, type SoltiRunner } from '../../instrumentation/solti/index.ts';
import { collectProblems } from '../../src/host.ts';
import type { Problem } from '../../src/index.ts';
import { openConfig, readSection, unknownSections } from '../config-file.ts';
import { count, duration, type Kind, port, secret, text } from '../kinds.ts';
import { allOrNothing, type Environment, isTable, readSettings, type Values } from '../settings.ts';

/** A timer holds no more (24 days). */
const LONGEST_MS = 2 ** 31 - 1;

/** Program and arguments, without a shell. */
const command: Kind<readonly string[]> = {
  read(value) {
    const fits =
      Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string' && !word.includes('\0'));
    return fits && value[0] !== '' ? Object.freeze([...value]) : undefined;
  },
  rule: 'this is a list of strings, the program first',
  fix: 'write e.g. ["sh", "-c", "echo hello"]',
};
const time: Kind<number> = {
  ...duration,
  read(...given) {
    const ms = duration.read(...given);
    return ms !== undefined && ms <= LONGEST_MS ? ms : undefined;
  },
  rule: `${duration.rule}, at most 24 days`,
};
const runner: Kind<SoltiRunner> = {
  read: (value) => (typeof value === 'string' && Object.hasOwn(runnerKeys, value) ? (value as SoltiRunner) : undefined),
  rule: 'a runner is subprocess, wasm or container',
  fix: 'write e.g. "subprocess"',
};
/** What an image's reference begins with: never a `-`, which the engine would take for an option. */
const image: Kind<string> = {
  read: (value) => (typeof value === 'string' && /^[a-z0-9][^\s\0]*$/i.test(value) ? value : undefined),
  rule: 'this is the name of an image',
  fix: 'write e.g. "docker.io/library/alpine:3"',
};

/** Paths are added to it. */
const url: Kind<string> = {
  read(value) {
    const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return undefined;
    const { username, password, search, hash } = parsed;
    return username + password + search + hash === '' ? parsed.href.replace(/\/$/, '') : undefined;
  },
  rule: 'this is the URL of a control plane, without credentials and query',
  fix: 'write e.g. "http://127.0.0.1:9480"',
};

const keys = {
  host: { ...text, flag: 'host', variable: 'SOLTI_HOST', otherwise: '127.0.0.1' },
  port: { ...port(9_480), flag: 'port', short: 'p', variable: 'SOLTI_PORT' },
  /** Bearer token of the API; without one no request can start or cancel a task. */
  token: { ...secret, variable: 'SOLTI_TOKEN' },
  /** Programs that may have announced themselves here at a time. */
  agents: { ...count, otherwise: 100 },
};
const discoveryKeys = {
  /** Default: this program itself. */
  controlPlane: { ...url, inFile: 'control_plane' },
  /** Under which the control plane knows the program. */
  name: { ...text, otherwise: hostname() },
  everyMs: { ...time, inFile: 'every', otherwise: '10s' },
  /** Of one request. */
  timeoutMs: { ...time, inFile: 'timeout', otherwise: '5s' },
};
const subscriberKeys = {
  command: { ...command, needed: true },
  /** Enough for a burst; an event is some hundred bytes. */
  queue: { ...count, otherwise: 256 },
};
const taskKeys = {
  runner: { ...runner, needed: true },
  /** Of one attempt. */
  timeoutMs: { ...time, inFile: 'timeout' },
  /** Failures in a row until the task is given up. */
  attempts: { ...count, otherwise: 5 },
  /** The pause after the first failure; each further one in a row doubles it, up to the cap. */
  backoffMs: { ...time, inFile: 'backoff', otherwise: '1s' },
  backoffCapMs: { ...time, inFile: 'backoff_cap' },
  /** After a success the task runs again so much later; without it, it is completed. */
  everyMs: { ...time, inFile: 'every' },
};
/** Processes and threads that an attempt may have. */
const pidsMax = { ...count, inFile: 'pids_max' };
const runnerKeys = {
  subprocess: { ...taskKeys, command: { ...command, needed: true }, pidsMax },
  /** A `.wasm` or `.wat` file. */
  wasm: { ...taskKeys, module: { ...text, needed: true } },
  /** The command is the image's own where there is none. */
  container: { ...taskKeys, image: { ...image, needed: true }, command },
};
const anyKeys = { ...taskKeys, command, pidsMax, module: text, image };
const DEFAULT_BACKOFF_CAP_MS = 60_000;

export type TaskConfig = ReturnType<typeof readTask>;

export type SoltiConfig = ReturnType<typeof loadConfig>;

export type DiscoveryConfig = Values<typeof discoveryKeys>;

export interface SubscriberConfig extends Values<typeof subscriberKeys> {
  readonly name: string;
}

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem of the file, the flags and the environment */
export function loadConfig(args: readonly string[], env: Environment) {
  return allOrNothing((problems) => {
    const source = { args, env, keys, variable: 'SOLTI_CONFIG', example: 'examples/solti/solti.toml' };
    const { flags, root, folder } = openConfig(source, problems);
    const daemon = readSettings(keys, { flags, env, at: 'daemon', table: root.daemon, folder }, problems);
    const tasks = readSection(root, 'tasks', problems, (name, at, table) => readTask(name, at, table, problems));
    const subscribers = readSection(
      root,
      'subscribers',
      problems,
      (name, at, table): SubscriberConfig => Object.freeze({ name, ...readSettings(subscriberKeys, { at, table }, problems) }),
    );
    const discovery =
      root.discovery === undefined
        ? undefined
        : Object.freeze(readSettings(discoveryKeys, { at: 'discovery', table: root.discovery }, problems));
    unknownSections(root, ['daemon', 'tasks', 'subscribers', 'discovery'], problems);
    const metrics = collectProblems(problems, () => resolveSoltiMetrics(env)) as SoltiMetrics;
    return { ...daemon, folder, metrics, tasks, subscribers, discovery };
  });
}

function readTask(name: string, at: string, table: unknown, problems: Problem[]) {
  // Which keys a task may have is known once its runner is.
  const known = isTable(table) ? runner.read(table.runner, at, '') : undefined;
  const task: Partial<Values<typeof anyKeys>> & Values<typeof taskKeys> = readSettings(
    known === undefined ? anyKeys : runnerKeys[known],
    { at, table },
    problems,
  );
  const {
    backoffMs,
    backoffCapMs = Math.max(DEFAULT_BACKOFF_CAP_MS, backoffMs),
    command = [],
    module = '',
    image = '',
    pidsMax,
  } = task;
  if (backoffCapMs < backoffMs) {
    const rule = `the cap is not below the first pause, ${backoffMs} ms`;
    problems.push({ at: `${at}.backoff_cap`, got: `${backoffCapMs} ms`, rule, fix: 'raise backoff_cap, or lower backoff' });
  }
  return Object.freeze({ ...task, name, backoffCapMs, command, module, image, pidsMax });
}
