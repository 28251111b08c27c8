/** Flags, environment and the file of `--auth`, read into one frozen configuration. Reports all problems together. */
import { resolveWasmrunMetrics, type WasmrunMetrics } from '../../instrumentation/wasmrun/index.ts';
import { collectProblems } from '../../src/host.ts';
import type { Problem } from '../../src/index.ts';
import { readConfigFile } from '../config-file.ts';
import { as, count, type Kind, number, port, text } from '../kinds.ts';
import { allOrNothing, type Environment, readFlags, readSettings } from '../settings.ts';

/** What a module can have at most: 4 GiB. */
const MOST_MB = 4_096;
const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

const limit = as(
  number('this is a whole number, and 0 is no limit', 'write e.g. 100', (value) => Number.isInteger(value) && value >= 0),
  (most) => (most === 0 ? Number.POSITIVE_INFINITY : most),
);
const megabytes = number(
  `this is a number of MB up to ${MOST_MB}, and 0 is no limit`,
  'write e.g. 10 or 0.5',
  (value) => value >= 0 && value <= MOST_MB,
);
const bytes = as(megabytes, (most) => (most === 0 ? Number.MAX_SAFE_INTEGER : Math.max(1, Math.floor(most * 2 ** 20))));
/** Of 64 KiB; null: no limit. */
const pages = as(megabytes, (most) => (most === 0 ? null : Math.max(1, Math.floor(most * 16))));
const seconds = as(count, (value) => value * 1_000);
const onOff: Kind<boolean> = {
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  rule: 'this has no value',
  fix: 'write it alone',
};
/** Another reader checks it. */
const anything: Kind<unknown> = { read: (value) => value, rule: '', fix: '' };

/** With upstream's defaults. */
const keys = {
  host: { ...text, ...named('host'), otherwise: '127.0.0.1' },
  port: { ...port(8_430), ...named('port'), short: 'P' },
  sessionTimeoutMs: { ...seconds, ...named('timeout'), otherwise: 300 },
  /** No limit is `Infinity`, and of bytes the largest number. */
  maxSessions: { ...limit, ...named('max-sessions'), otherwise: 100 },
  memoryCapPages: { ...pages, ...named('max-memory'), otherwise: 256 },
  maxOutputBytes: { ...bytes, ...named('max-output'), otherwise: 10 },
  maxBodyBytes: { ...bytes, ...named('max-body'), otherwise: 32 },
  maxConcurrentExec: { ...limit, ...named('max-concurrent-exec'), otherwise: 100 },
  auth: { ...text, ...named('auth') },
  verbose: { ...onOff, flag: 'verbose', short: 'v', isSwitch: true, otherwise: false },
};

/** A variable sets what no flag sets: `WASMRUN_AGENT_MAX_OUTPUT` is `--max-output`. */
function named(flag: string) {
  return { flag, variable: `WASMRUN_AGENT_${flag.toUpperCase().replaceAll('-', '_')}` };
}

export type WasmrunConfig = ReturnType<typeof loadConfig>;

/** @throws MeterbridgeError `HOST_CONFIG_INVALID` with every problem of the flags, the environment and the file of `--auth` */
export function loadConfig(args: readonly string[], env: Environment) {
  return allOrNothing((problems) => {
    const flags = readFlags(args, keys, problems);
    const { auth, ...settings } = readSettings(keys, { flags, env }, problems);
    const { tenants, rates } =
      auth === undefined ? { tenants: undefined, rates: new Map<string, number>() } : readTenants(auth, problems);
    const open = (flags.auth ?? env[keys.auth.variable]) === undefined;
    if (open && !loopback.includes(settings.host)) {
      const at = flags.host === undefined ? keys.host.variable : '--host';
      const rule = `without authentication the host is one of ${loopback.join(', ')}`;
      problems.push({ at, got: JSON.stringify(settings.host), rule, fix: 'name a file of keys with --auth' });
    }
    const metrics = collectProblems(problems, () => resolveWasmrunMetrics(tenants)) as WasmrunMetrics;
    return { ...settings, rates, metrics };
  });
}

const tenantKeys = { id: anything, key_sha256: anything, rate: anything };
const rateKeys = { most: { ...count, inFile: 'max_requests_per_min' } };

/** The gate checks each tenant's id and key. Rates are requests a minute; a tenant without one has no limit. */
function readTenants(file: string, problems: Problem[]) {
  const rates = new Map<string, number>();
  const table = collectProblems(problems, () =>
    readConfigFile('TOML', file, 'see examples/wasmrun/README.md', { at: `--auth ${file}`, secret: true }),
  );
  // A file that could not be read has its problem already.
  if (table === undefined) return { tenants: undefined, rates };
  const { tenants = [] } = readSettings({ tenants: anything }, { at: 'auth', table }, problems);
  for (const [index, tenant] of Array.isArray(tenants) ? tenants.entries() : []) {
    const at = `tenants[${index}]`;
    const { id, rate } = readSettings(tenantKeys, { at, table: tenant }, problems);
    const { most } = readSettings(rateKeys, { at: `${at}.rate`, table: rate }, problems);
    if (typeof id === 'string' && most !== undefined) rates.set(id, most);
  }
  return { tenants, rates };
}
