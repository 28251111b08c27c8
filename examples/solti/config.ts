/** `solti.toml` and the environment, read into one frozen configuration. Everything that is wrong is said at once. */
import { dirname, resolve } from 'node:path';
import { resolveSoltiMetrics, type SoltiMetrics, type SoltiRunner } from '../../instrumentation/solti/index.ts';
import { attempt, type Secret, secret as secretOf } from '../../src/access.ts';
import { MeterbridgeError, type Problem } from '../../src/index.ts';
import { type Flags, readOutside } from '../outside.ts';
import { count, duration, isTable, type Key, port, readTable, secret, text } from '../table.ts';
import { readSection, readToml, unknownSections } from '../toml.ts';

export interface TaskConfig {
  readonly name: string;
  readonly runner: SoltiRunner;
  /** Program and arguments, without a shell; of a container those of its image when empty. */
  readonly command: readonly string[];
  /** A `.wasm` or `.wat` file. */
  readonly module: string;
  readonly image: string;
  /** Of one attempt. */
  readonly timeoutMs: number | undefined;
  /** Failures in a row until the task is given up. */
  readonly attempts: number;
  /** The pause after the first failure; each further one in a row doubles it, up to the cap. */
  readonly backoffMs: number;
  readonly backoffCapMs: number;
  /** After a success the task runs again so much later; without it, it is completed. */
  readonly everyMs: number | undefined;
  /** Processes and threads that an attempt may have. */
  readonly pidsMax: number | undefined;
}

export interface SubscriberConfig {
  readonly name: string;
  readonly command: readonly string[];
  readonly queue: number;
}

export interface SoltiConfig {
  readonly host: string;
  readonly port: number;
  /** Bearer token of the API; without one no request can cancel a task. */
  readonly token: Secret | undefined;
  /** Where commands run: the folder of the configuration. */
  readonly folder: string;
  readonly metrics: SoltiMetrics;
  readonly tasks: readonly TaskConfig[];
  readonly subscribers: readonly SubscriberConfig[];
}

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 9_480;
const DEFAULT_ATTEMPTS = 5;
const DEFAULT_BACKOFF_MS = 1_000;
const DEFAULT_BACKOFF_CAP_MS = 60_000;
/** Enough for a burst; an event is some hundred bytes. */
const DEFAULT_QUEUE = 256;
/** A timer holds no more (24 days). */
const LONGEST_MS = 2 ** 31 - 1;

const command: Key<readonly string[]> = {
  read(value) {
    const fits = Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string' && !word.includes('\0'));
    return fits && value[0] !== '' ? Object.freeze([...value]) : undefined;
  },
  rule: 'this is a list of texts, the program first',
  fix: 'write e.g. ["sh", "-c", "echo hello"]',
};
const time: Key<number> = {
  read(value) {
    const ms = duration.read(value);
    return ms !== undefined && ms <= LONGEST_MS ? ms : undefined;
  },
  rule: `${duration.rule}, at most 24 days`,
  fix: duration.fix,
};
const runner: Key<SoltiRunner> = {
  read: (value) => (typeof value === 'string' && Object.hasOwn(runnerKeys, value) ? (value as SoltiRunner) : undefined),
  rule: 'a runner is subprocess, wasm or container',
  fix: 'write e.g. "subprocess"',
};
/** What an image's reference begins with: never a `-`, which the engine would take for an option. */
const image: Key<string> = {
  read: (value) => (typeof value === 'string' && /^[a-z0-9][^\s\0]*$/i.test(value) ? value : undefined),
  rule: 'this is the name of an image',
  fix: 'write e.g. "docker.io/library/alpine:3"',
};

const daemonKeys = { host: text, port, token: secret };
const subscriberKeys = { command, queue: count };
const taskKeys = { runner, timeout: time, attempts: count, backoff: time, backoff_cap: time, every: time };
const allKeys = { ...taskKeys, command, pids_max: count, module: text, image };
const runnerKeys = {
  subprocess: { ...taskKeys, command, pids_max: count },
  wasm: { ...taskKeys, module: text },
  container: { ...taskKeys, image, command },
} satisfies Record<SoltiRunner, Partial<typeof allKeys>>;
const needed = { subprocess: 'command', wasm: 'module', container: 'image' } as const satisfies Record<SoltiRunner, keyof typeof allKeys>;

/** Flags and environment win over the file, in this order. */
export interface ConfigInput {
  readonly file: string;
  readonly flags?: Pick<Flags, 'host' | 'port'>;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem of the file, the flags and the environment */
export function loadConfig({ file, flags = {}, env = {} }: ConfigInput): SoltiConfig {
  const root = readToml(file, 'see examples/solti/solti.toml');
  const problems: Problem[] = [];
  const daemon = readTable('daemon', root.daemon, daemonKeys, problems);
  const tasks = readSection(root, 'tasks', problems, readTask);
  const subscribers = readSection(root, 'subscribers', problems, readSubscriber);
  unknownSections(root, ['daemon', 'tasks', 'subscribers'], problems);
  const outside = readOutside('SOLTI', flags, env, problems);
  const token = readToken(env.SOLTI_TOKEN, daemon.token, problems);
  const metrics = attempt(problems, () => resolveSoltiMetrics(env));
  if (problems.length > 0) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze({
    host: outside.host ?? daemon.host ?? DEFAULT_HOST,
    port: outside.port ?? daemon.port ?? DEFAULT_PORT,
    token,
    folder: dirname(resolve(file)),
    metrics: metrics as SoltiMetrics,
    tasks,
    subscribers,
  });
}

function readTask(name: string, at: string, table: unknown, problems: Problem[]): TaskConfig {
  const given = isTable(table) ? table.runner : undefined;
  const known = given === undefined ? undefined : runner.read(given);
  // Which keys a task may have is known once its runner is.
  const read = readTable<Partial<typeof allKeys>>(at, table, known === undefined ? allKeys : runnerKeys[known], problems);
  if (isTable(table)) {
    if (given === undefined) missing(`${at}.runner`, runner, problems);
    if (known !== undefined && table[needed[known]] === undefined) missing(`${at}.${needed[known]}`, allKeys[needed[known]], problems);
  }
  const backoffMs = read.backoff ?? DEFAULT_BACKOFF_MS;
  const capMs = read.backoff_cap ?? Math.max(DEFAULT_BACKOFF_CAP_MS, backoffMs);
  if (capMs < backoffMs) {
    const rule = `the cap is not below the first pause, ${backoffMs} ms`;
    problems.push({ at: `${at}.backoff_cap`, got: `${capMs} ms`, rule, fix: 'raise backoff_cap, or lower backoff' });
  }
  return Object.freeze({
    name,
    runner: known ?? 'subprocess',
    command: read.command ?? [],
    module: read.module ?? '',
    image: read.image ?? '',
    timeoutMs: read.timeout,
    attempts: read.attempts ?? DEFAULT_ATTEMPTS,
    backoffMs,
    backoffCapMs: capMs,
    everyMs: read.every,
    pidsMax: read.pids_max,
  });
}

function readSubscriber(name: string, at: string, table: unknown, problems: Problem[]): SubscriberConfig {
  const read = readTable(at, table, subscriberKeys, problems);
  if (isTable(table) && table.command === undefined) missing(`${at}.command`, command, problems);
  return Object.freeze({ name, command: read.command ?? [], queue: read.queue ?? DEFAULT_QUEUE });
}

function missing(at: string, { rule, fix }: Key<unknown>, problems: Problem[]): void {
  problems.push({ at, got: 'nothing', rule, fix });
}

/** The environment goes before the file. */
function readToken(variable: string | undefined, key: string | undefined, problems: Problem[]): Secret | undefined {
  const at = variable === undefined ? 'daemon.token' : 'SOLTI_TOKEN';
  const given = variable ?? key;
  return given === undefined ? undefined : attempt(problems, () => secretOf(given, at));
}
