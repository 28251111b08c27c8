/** Flags, environment and the file of `--auth`, read into one frozen configuration. Everything that is wrong is said at once. */
import { parseArgs } from 'node:util';
import { resolveWasmrunMetrics, type WasmrunMetrics } from '../../instrumentation/wasmrun/index.ts';
import { attempt } from '../../src/access.ts';
import { MeterbridgeError, type Problem } from '../../src/index.ts';
import { count, type Key, port, readTable, readValue, text } from '../table.ts';
import { readToml } from '../toml.ts';

export interface WasmrunConfig {
  readonly host: string;
  readonly port: number;
  readonly sessionTimeoutMs: number;
  /** No limit is `Infinity`, and of bytes the largest number. */
  readonly maxSessions: number;
  readonly maxConcurrentExec: number;
  readonly maxOutputBytes: number;
  readonly maxBodyBytes: number;
  /** Of 64 KiB; null: no limit. */
  readonly memoryCapPages: number | null;
  readonly verbose: boolean;
  readonly metrics: WasmrunMetrics;
  /** Requests a minute, by tenant; who is not there has no limit. */
  readonly rates: ReadonlyMap<string, number>;
}

type Env = Readonly<Record<string, string | undefined>>;

const flagNames = [
  'host',
  'port',
  'timeout',
  'max-sessions',
  'max-memory',
  'max-output',
  'max-body',
  'max-concurrent-exec',
  'auth',
] as const;
type FlagName = (typeof flagNames)[number];

/** Upstream's defaults. */
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8_430;
const DEFAULT_TIMEOUT_S = 300;
const DEFAULT_SESSIONS = 100;
const DEFAULT_CONCURRENT_EXEC = 100;
const DEFAULT_MEMORY_MB = 256;
const DEFAULT_OUTPUT_MB = 10;
const DEFAULT_BODY_MB = 32;

const MB = 2 ** 20;
const PAGES_A_MB = 16;
/** What a module can have at most: 4 GiB. */
const MOST_MB = 4_096;
const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

const limit: Key<number> = {
  read: (value) => (value === 0 ? Number.POSITIVE_INFINITY : count.read(value)),
  rule: 'this is a whole number, and 0 is no limit',
  fix: 'write e.g. 100',
};
const megabytes: Key<number> = {
  read: (value) => (typeof value === 'number' && value <= MOST_MB ? value : undefined),
  rule: `this is a number of MB up to ${MOST_MB}, and 0 is no limit`,
  fix: 'write e.g. 10 or 0.5',
};
/** Somebody else reads it. */
const anything: Key<unknown> = { read: (value) => value, rule: '', fix: '' };

/**
 * What a flag does not say, a variable may: `WASMRUN_AGENT_MAX_OUTPUT` is `--max-output`.
 * @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem of the flags, the environment and the file of `--auth`
 */
export function loadConfig(args: readonly string[], env: Env): WasmrunConfig {
  const problems: Problem[] = [];
  const given = readFlags(args, problems);
  function read<T>(name: FlagName, key: Key<T>, otherwise: T): T {
    const said = given[name] ?? env[variableOf(name)];
    if (said === undefined) return otherwise;
    const value = typeof otherwise === 'number' && /^\d+(\.\d+)?$/.test(String(said)) ? Number(said) : said;
    return readValue(spelled(name), value, key, problems) ?? otherwise;
  }
  const spelled = (name: FlagName): string => (given[name] === undefined ? variableOf(name) : `--${name}`);
  /** In bytes or pages, at least one. */
  function amount<T>(name: FlagName, otherwise: number, aMegabyte: number, unlimited: T): number | T {
    const given = read(name, megabytes, otherwise);
    return given === 0 ? unlimited : Math.max(1, Math.floor(given * aMegabyte));
  }

  const host = read('host', text, DEFAULT_HOST);
  const auth = read<string | undefined>('auth', text, undefined);
  const tenants = auth === undefined ? undefined : readTenants(auth, problems);
  if (auth === undefined && given.auth === undefined && env.WASMRUN_AGENT_AUTH === undefined && !loopback.includes(host)) {
    const rule = `without authentication the host is one of ${loopback.join(', ')}`;
    problems.push({ at: spelled('host'), got: JSON.stringify(host), rule, fix: 'name a file of keys with --auth' });
  }
  const config = {
    host,
    port: read('port', port, DEFAULT_PORT),
    sessionTimeoutMs: read('timeout', count, DEFAULT_TIMEOUT_S) * 1_000,
    maxSessions: read('max-sessions', limit, DEFAULT_SESSIONS),
    maxConcurrentExec: read('max-concurrent-exec', limit, DEFAULT_CONCURRENT_EXEC),
    maxOutputBytes: amount('max-output', DEFAULT_OUTPUT_MB, MB, Number.MAX_SAFE_INTEGER),
    maxBodyBytes: amount('max-body', DEFAULT_BODY_MB, MB, Number.MAX_SAFE_INTEGER),
    memoryCapPages: amount('max-memory', DEFAULT_MEMORY_MB, PAGES_A_MB, null),
    verbose: given.verbose === true,
    rates: tenants?.rates ?? new Map<string, number>(),
  };
  const metrics = attempt(problems, () => resolveWasmrunMetrics(tenants?.list));
  if (problems.length > 0 || metrics === undefined) throw new MeterbridgeError('HOST_CONFIG_INVALID', problems);
  return Object.freeze({ ...config, metrics });
}

function variableOf(name: FlagName): string {
  return `WASMRUN_AGENT_${name.toUpperCase().replaceAll('-', '_')}`;
}

function readFlags(args: readonly string[], problems: Problem[]): Readonly<Record<string, string | boolean | undefined>> {
  const options = {
    ...Object.fromEntries(flagNames.map((name) => [name, { type: 'string' as const }])),
    port: { type: 'string', short: 'P' },
  } as const;
  const { values, tokens } = parseArgs({
    args: [...args],
    options: { ...options, verbose: { type: 'boolean', short: 'v' } },
    strict: false,
    tokens: true,
  });
  const known: readonly string[] = [...flagNames, 'verbose'];
  const fix = `use one of ${known.map((name) => `--${name}`).join(', ')}`;
  for (const token of tokens) {
    if (token.kind === 'option' ? known.includes(token.name) : token.kind === 'option-terminator') continue;
    problems.push({
      at: token.kind === 'option' ? token.rawName : 'arguments',
      got: token.kind === 'positional' ? JSON.stringify(token.value) : 'it',
      rule: 'unknown flag',
      fix,
    });
  }
  return values as Readonly<Record<string, string | boolean | undefined>>;
}

/** Id and key of each tenant are the gate's to check. */
function readTenants(file: string, problems: Problem[]): { list: unknown; rates: ReadonlyMap<string, number> } {
  const rates = new Map<string, number>();
  const root = attempt(problems, () => readToml(file, 'see examples/wasmrun/README.md', { at: `--auth ${file}`, secret: true }));
  const { tenants: list = [] } = readTable('auth', root, { tenants: anything }, problems);
  for (const [index, tenant] of Array.isArray(list) ? list.entries() : []) {
    const at = `tenants[${index}]`;
    const { id, rate } = readTable(at, tenant, { id: anything, key_sha256: anything, rate: anything }, problems);
    const { max_requests_per_min: most } = readTable(`${at}.rate`, rate, { max_requests_per_min: count }, problems);
    if (typeof id === 'string' && most !== undefined) rates.set(id, most);
  }
  // Nothing more is to be said of a file that could not be read.
  return { list: root === undefined ? undefined : list, rates };
}
