/** The TLS of a server: read at its start, and again when its files change. */
import { resolve } from 'node:path';
import type { Checker, Findings } from '../../core/config/schema/index.ts';
import { MeterbridgeError } from '../../core/errors/error.ts';
import type { TlsConfig } from '../../net/web-config/config.ts';
import { parseTls } from '../../net/web-config/parse-tls.ts';
import { type FollowOptions, followFiles, type Read } from './follow-files.ts';
import { curves, isSet, type ServerTlsSettings } from './tls-keys.ts';

const versions = { '1.2': 'TLS12', '1.3': 'TLS13' } as const;

/** Where a server over TLS takes its configuration at each connection. */
export type CurrentTls = () => TlsConfig;

/**
 * Authorities of clients stay those of the start unless `client_ca_file_reload` is set.
 * @throws COLLECTOR_CONFIG_INVALID with all that is wrong with the files now
 */
export function watchServerTls(settings: ServerTlsSettings, options: FollowOptions): CurrentTls {
  const { at } = options;
  const first = readServerTls(settings, at);
  if (!first.ok) throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', first.problems);
  const fixed = settings.client_ca_file_reload ? undefined : first.value.clientCa;
  return followFiles(first, () => readServerTls(settings, at, fixed), same, settings.reload_interval, options);
}

/** @param fixed authorities of clients that are read already */
function readServerTls(settings: ServerTlsSettings, at: string, fixed?: string): Read<TlsConfig> {
  const findings: Findings = { problems: [], warnings: [] };
  const files = new Set<string>();
  const { cert_file, key_file, client_ca_file: authority } = settings;
  const asked = isSet(authority);
  const tls = parseTls(
    {
      cert: settings.cert_pem,
      key: settings.key_pem,
      client_ca: fixed,
      // An empty path counts as absent.
      cert_file: isSet(cert_file) ? cert_file : undefined,
      key_file: isSet(key_file) ? key_file : undefined,
      client_ca_file: asked && fixed === undefined ? authority : undefined,
      client_auth_type: asked ? 'RequireAndVerifyClientCert' : undefined,
      client_allowed_sans: undefined,
      min_version: versions[settings.min_version],
      max_version: versions[settings.max_version],
      cipher_suites: settings.cipher_suites,
      prefer_server_cipher_suites: true,
      curve_preferences: settings.curve_preferences,
    },
    checkerAt(at, findings),
    // As in the Collector, a relative path starts at the working directory.
    { full: resolve('.', 'configuration'), files, findings, curveNames: curves },
  );
  return tls === undefined ? { ok: false, problems: findings.problems } : { ok: true, value: tls, files };
}

/** Names the Collector's key where the web configuration has another one. */
function checkerAt(at: string, findings: Findings): Checker {
  const names: Readonly<Record<string, string>> = { cert: 'cert_pem', key: 'key_pem' };
  const checker: Checker = {
    empty: false,
    has: () => true,
    refuse(path, got, rule, fix) {
      const key = String(path);
      findings.problems.push({ at: key === '' ? at : `${at}.${names[key] ?? key}`, got, rule, fix });
    },
    warn: () => {},
    below: () => checker,
  };
  return checker;
}

function same(one: TlsConfig, other: TlsConfig): boolean {
  return one.cert === other.cert && one.key === other.key && one.clientCa === other.clientCa;
}
