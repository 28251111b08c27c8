/** `tls_server_config` of a web configuration, and settings that are written as such. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureVersion } from 'node:tls';
import type { Checker, Findings } from '../../core/config/schema/index.ts';
import { mostPemBytes, readText } from '../../core/node/read-text.ts';
import { type ClientAuth, clientAuthTypes, type TlsConfig } from './config.ts';
import { secureContextOptions } from './secure-context.ts';
import { curves, suites, tls13Suites } from './suites.ts';
import type { TlsSettings } from './tls-schema.ts';

const versions = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const satisfies Readonly<Record<string, SecureVersion>>;

/** What goes on beside the settings. */
export interface Reading {
  /** The configuration's absolute path. */
  readonly full: string;
  /** Takes every file that is read, or tried. */
  readonly files: Set<string>;
  readonly findings: Findings;
  /** OpenSSL's names of curves by the file's. Default: by Go's. */
  readonly curveNames?: Readonly<Record<string, string>>;
}

/** Undefined without TLS, and where something is wrong. */
export function parseTls(given: TlsSettings, on: Checker, reading: Reading): TlsConfig | undefined {
  if (on.empty) return undefined;
  const { curveNames = curves, findings } = reading;
  const { problems } = findings;
  const pem = (name: 'cert' | 'key' | 'client_ca') => pemOf(given, on, name, reading);
  const cert = pem('cert');
  const key = pem('key');
  const clientCa = pem('client_ca');
  const clientAuth = clientAuthOf(given, on, clientCa);
  const config = {
    clientCa: clientCa?.text,
    clientAuth,
    clientSans: sansOf(given, on, clientAuth),
    minVersion: versions[given.min_version],
    maxVersion: versions[given.max_version],
    ciphers: ciphersOf(given.cipher_suites),
    curves: given.curve_preferences.length === 0 ? undefined : given.curve_preferences.map((name) => curveNames[name]).join(':'),
    preferServerCiphers: given.prefer_server_cipher_suites,
  };
  for (const [name, found] of Object.entries({ cert, key })) {
    if (found !== undefined) continue;
    on.refuse(
      '',
      'neither',
      `TLS needs one of ${name} and ${name}_file`,
      'add it, or leave tls_server_config out for plain HTTP',
    );
  }
  if (config.minVersion > config.maxVersion) {
    on.refuse(
      'min_version',
      `${config.minVersion} to ${config.maxVersion}`,
      'min_version is at most max_version',
      'correct one of them',
    );
  }
  checkCertificates(on, clientCa);
  checkCertificates(on, cert);
  checkKey(on, key, cert);
  if (cert?.text === undefined || key?.text === undefined || problems.length > 0) return undefined;
  const tls: TlsConfig = Object.freeze({ cert: cert.text, key: key.text, ...config });
  try {
    createSecureContext(secureContextOptions(tls));
    return tls;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'an error';
    on.refuse(
      '',
      'a section',
      `OpenSSL can serve with these settings (${code})`,
      'correct the certificate, its key or the suites',
    );
    return undefined;
  }
}

interface Pem {
  /** Undefined: the file cannot be read, and a problem reports that. */
  readonly text: string | undefined;
  /** The key that gave it. */
  readonly from: string;
  /** The value that a problem may show. */
  readonly got: string;
}

/** `NAME_file` before `NAME`, as in the Exporter Toolkit. Relative paths start at the configuration's folder. */
function pemOf(given: TlsSettings, on: Checker, name: 'cert' | 'key' | 'client_ca', { full, files }: Reading): Pem | undefined {
  const file = given[`${name}_file`];
  if (file === undefined) {
    const text = given[name];
    // Empty counts as absent, as in the Exporter Toolkit.
    return text === undefined || text === '' ? undefined : { text, from: name, got: '[redacted]' };
  }
  const from = `${name}_file`;
  const path = resolve(dirname(full), file);
  files.add(path);
  const got = JSON.stringify(file);
  const read = readText(path, mostPemBytes);
  if (read.ok) return { text: read.text, from, got };
  on.refuse(from, `${got}, ${read.got}`, read.rule, read.fix);
  return { text: undefined, from, got };
}

function checkCertificates(on: Checker, pem: Pem | undefined): void {
  if (pem?.text === undefined || certificatesIn(pem.text).length > 0) return;
  on.refuse(pem.from, pem.got, 'it holds certificates in PEM', 'write -----BEGIN CERTIFICATE----- and what follows');
}

const begin = '-----BEGIN CERTIFICATE-----';
const certificate = /^[^-]*-----END CERTIFICATE-----/;

/** The certificates of a PEM string; none if one of them cannot be read, or is cut off while the file is written. */
function certificatesIn(text: string): readonly X509Certificate[] {
  const blocks = text.split(begin).slice(1);
  try {
    return blocks.map((block) => new X509Certificate(begin + (certificate.exec(block)?.[0] ?? '')));
  } catch {
    return [];
  }
}

function checkKey(on: Checker, key: Pem | undefined, cert: Pem | undefined): void {
  if (key?.text === undefined) return;
  try {
    const read = createPrivateKey(key.text);
    if (certificatesIn(cert?.text ?? '')[0]?.checkPrivateKey(read) === false) {
      on.refuse(key.from, key.got, 'it is the key of the certificate', 'put the two that belong together');
    }
  } catch {
    on.refuse(
      key.from,
      key.got,
      'it holds a private key in PEM, without a passphrase',
      'write -----BEGIN PRIVATE KEY----- and what follows',
    );
  }
}

function clientAuthOf({ client_auth_type: name }: TlsSettings, on: Checker, ca: Pem | undefined): ClientAuth {
  const found = clientAuthTypes[name ?? 'NoClientCert'] as ClientAuth;
  // A policy that does not exist has its problem already.
  const known = name !== undefined || !on.has('client_auth_type');
  if (ca !== undefined && known && !found.request) {
    on.refuse(
      ca.from,
      'an authority',
      'client_auth_type says what it is for',
      'add client_auth_type: RequireAndVerifyClientCert',
    );
  }
  return found;
}

function sansOf({ client_allowed_sans: sans }: TlsSettings, on: Checker, { request }: ClientAuth): readonly string[] | undefined {
  if (sans !== undefined && !request) {
    const rule = 'names are compared where client_auth_type asks for a certificate';
    on.refuse('client_allowed_sans', 'a list', rule, 'add client_auth_type: RequireAndVerifyClientCert');
  }
  return sans;
}

/** OpenSSL's names for Go's; undefined if the list is empty. */
function ciphersOf(given: readonly string[]): string | undefined {
  const chosen = given.flatMap((name) => suites[name] ?? []);
  return given.length === 0 ? undefined : [...tls13Suites, ...chosen].join(':');
}
