/** The TLS of a client. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { type ConnectionOptions, createSecureContext, getCACertificates } from 'node:tls';
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { mostPemBytes, readText } from '../../core/node/read-text.ts';
import { suites, tls13Suites } from '../../net/web-config/suites.ts';
import { type FollowOptions, followFiles, type Read } from './follow-files.ts';
import { type ClientTlsSettings, curves, isSet } from './tls-keys.ts';

/**
 * For `tls.connect`, at each new connection; the same object until a file changes.
 * @throws COLLECTOR_CONFIG_INVALID with all that is wrong with the files now
 */
export function watchClientTls(settings: ClientTlsSettings | undefined, options: FollowOptions): () => ConnectionOptions {
  const first = readClientTls(settings, options.at);
  if (!first.ok) throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', first.problems);
  return followFiles(first, () => readClientTls(settings, options.at), same, settings?.reload_interval ?? 0, options);
}

/** @param at the location of `tls` in the configuration */
function readClientTls(settings: ClientTlsSettings | undefined, at: string): Read<ConnectionOptions> {
  const files = new Set<string>();
  if (settings === undefined) return { ok: true, value: { ca: systemAuthorities() }, files };
  const problems: Problem[] = [];

  function pem(name: 'ca' | 'cert' | 'key', isUsable: (text: string) => unknown, rule: string): string | undefined {
    const file = settings?.[`${name}_file`];
    const inline = settings?.[`${name}_pem`];
    if (!isSet(file) && !isSet(inline)) return undefined;
    if (isSet(file)) files.add(resolve(file));
    const from = isSet(file)
      ? { at: `${at}.${name}_file`, got: JSON.stringify(file) }
      : { at: `${at}.${name}_pem`, got: '[redacted]' };
    const read = isSet(file) ? readText(resolve(file), mostPemBytes) : ({ ok: true, text: inline ?? '' } as const);
    if (!read.ok) problems.push({ at: from.at, got: `${from.got}, ${read.got}`, rule: read.rule, fix: read.fix });
    else if (!succeeds(() => isUsable(read.text))) problems.push({ ...from, rule, fix: 'write -----BEGIN … and what follows' });
    else return read.text;
    return undefined;
  }

  const ca = pem('ca', (text) => new X509Certificate(text), 'it holds certificates in PEM');
  const cert = pem('cert', (text) => new X509Certificate(text), 'it holds certificates in PEM');
  const key = pem('key', createPrivateKey, 'it holds a private key in PEM, without a passphrase');
  const options = optionsOf(settings, { ca, cert, key });
  if (problems.length === 0 && !succeeds(() => createSecureContext(options)))
    problems.push({
      at,
      got: 'a section',
      rule: 'the certificate, its key and the suites fit together',
      fix: 'correct one of them',
    });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: options, files };
}

function same(one: ConnectionOptions, other: ConnectionOptions): boolean {
  return one.cert === other.cert && one.key === other.key && String(one.ca) === String(other.ca);
}

type Pems = { readonly [name in 'ca' | 'cert' | 'key']: string | undefined };

function optionsOf(settings: ClientTlsSettings, { ca, cert, key }: Pems): ConnectionOptions {
  const { cipher_suites: names, curve_preferences: preferred, server_name_override: name } = settings;
  const own = ca === undefined ? [] : [ca];
  return {
    ca: ca === undefined || settings.include_system_ca_certs_pool ? [...systemAuthorities(), ...own] : own,
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    minVersion: `TLSv${settings.min_version}`,
    maxVersion: `TLSv${settings.max_version}`,
    ...(names.length > 0 && { ciphers: [...tls13Suites, ...names.flatMap((one) => suites[one] ?? [])].join(':') }),
    ...(preferred.length > 0 && { ecdhCurve: preferred.map((one) => curves[one]).join(':') }),
    ...(isSet(name) && { servername: name }),
    ...(settings.insecure_skip_verify && { rejectUnauthorized: false }),
  };
}

/** Those of this machine, as in Go, and those that come with Node.js: a machine without a store has no others. */
function systemAuthorities(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}

function succeeds(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}
