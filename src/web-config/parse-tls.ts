/** `tls_server_config` of a web configuration. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { readText } from '../config/file.ts';
import type { Field, Fields, Reader } from '../config/yaml-reader.ts';
import { type ClientAuth, clientAuthTypes, type TlsConfig } from './config.ts';
import { secureContextOptions } from './secure-context.ts';
import { curves, suites, tls13Suites } from './suites.ts';

const keys = [
  'cert',
  'key',
  'client_ca',
  'cert_file',
  'key_file',
  'client_auth_type',
  'client_ca_file',
  'client_allowed_sans',
  'min_version',
  'max_version',
  'cipher_suites',
  'prefer_server_cipher_suites',
  'curve_preferences',
];
/** Larger than any bundle of certificates. */
const mostPemBytes = 1_048_576;
const versions: Readonly<Record<string, SecureVersion>> = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' };

/** Undefined without TLS, and where something is wrong. Adds every file that it tries to read to `files`. */
export function parseTls(reader: Reader, field: Field | undefined, path: string, files: Set<string>): TlsConfig | undefined {
  const given = reader.section(field, keys);
  if (field === undefined || given.size === 0) return undefined;
  const before = reader.problems.length;
  const pem = (name: string) => pemOf(reader, given, name, path, files);
  const cert = pem('cert');
  const key = pem('key');
  const clientCa = pem('client_ca');
  const clientAuth = clientAuthOf(reader, given, clientCa?.field);
  const config = {
    clientCa: clientCa?.text,
    clientAuth,
    clientSans: sansOf(reader, given, clientAuth),
    minVersion: versionOf(reader, given.get('min_version')) ?? 'TLSv1.2',
    maxVersion: versionOf(reader, given.get('max_version')) ?? 'TLSv1.3',
    ciphers: ciphersOf(reader, given.get('cipher_suites')),
    curves: namesOf(reader, given.get('curve_preferences'), curves, 'curve')?.join(':'),
    preferServerCiphers: reader.flag(given.get('prefer_server_cipher_suites')) ?? true,
  };
  for (const [name, found] of Object.entries({ cert, key })) {
    if (found !== undefined) continue;
    reader.refuse(field, 'neither', `TLS needs one of ${name} and ${name}_file`, 'add it, or leave tls_server_config out for plain HTTP');
  }
  const min = given.get('min_version');
  if (min !== undefined && config.minVersion > config.maxVersion) {
    reader.refuse(min, `${config.minVersion} to ${config.maxVersion}`, 'min_version is at most max_version', 'correct one of them');
  }
  checkCertificates(reader, clientCa);
  checkCertificates(reader, cert);
  checkKey(reader, key, cert);
  if (cert === undefined || key === undefined || reader.problems.length > before) return undefined;
  const tls: TlsConfig = Object.freeze({ cert: cert.text, key: key.text, ...config });
  try {
    createSecureContext(secureContextOptions(tls));
    return tls;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'an error';
    reader.refuse(field, 'a section', `OpenSSL can serve with these settings (${code})`, 'correct the certificate, its key or the suites');
    return undefined;
  }
}

interface Pem {
  /** Empty: the file cannot be read, and a problem reports that. */
  readonly text: string;
  readonly field: Field;
  /** The value that a problem may show. */
  readonly got: string;
}

/** `NAME_file` before `NAME`, as in the Exporter Toolkit. Relative paths start at the configuration's folder. */
function pemOf(reader: Reader, given: Fields, name: string, path: string, files: Set<string>): Pem | undefined {
  const fileField = given.get(`${name}_file`);
  const file = reader.text(fileField);
  if (fileField === undefined || file === undefined) {
    const field = given.get(name);
    const text = reader.text(field);
    return field === undefined || text === undefined ? undefined : { text, field, got: '[redacted]' };
  }
  const full = resolve(dirname(path), file);
  files.add(full);
  const got = JSON.stringify(file);
  const read = readText(full, mostPemBytes);
  if (read.ok) return { text: read.text, field: fileField, got };
  reader.refuse(fileField, got, read.rule, read.fix);
  return { text: '', field: fileField, got };
}

function checkCertificates(reader: Reader, pem: Pem | undefined): void {
  if (pem === undefined || pem.text === '' || certificatesIn(pem.text).length > 0) return;
  reader.refuse(pem.field, pem.got, 'it holds certificates in PEM', 'write -----BEGIN CERTIFICATE----- and what follows');
}

/** The certificates of a PEM string; none if one of them cannot be read. */
function certificatesIn(text: string): readonly X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

function checkKey(reader: Reader, key: Pem | undefined, cert: Pem | undefined): void {
  if (key === undefined || key.text === '') return;
  try {
    const read = createPrivateKey(key.text);
    if (certificatesIn(cert?.text ?? '')[0]?.checkPrivateKey(read) === false) {
      reader.refuse(key.field, key.got, 'it is the key of the certificate', 'put the two that belong together');
    }
  } catch {
    reader.refuse(
      key.field,
      key.got,
      'it holds a private key in PEM, without a passphrase',
      'write -----BEGIN PRIVATE KEY----- and what follows',
    );
  }
}

function clientAuthOf(reader: Reader, given: Fields, ca: Field | undefined): ClientAuth {
  const none = clientAuthTypes.NoClientCert as ClientAuth;
  const field = given.get('client_auth_type');
  const name = reader.text(field) ?? 'NoClientCert';
  const found = Object.hasOwn(clientAuthTypes, name) ? clientAuthTypes[name] : undefined;
  if (field !== undefined && found === undefined) {
    reader.refuse(field, JSON.stringify(name), 'it is one of the known policies', `use ${Object.keys(clientAuthTypes).join(', ')}`);
  } else if (ca !== undefined && found?.request === false) {
    reader.refuse(ca, 'an authority', 'client_auth_type says what it is for', 'add client_auth_type: RequireAndVerifyClientCert');
  }
  return found ?? none;
}

function sansOf(reader: Reader, given: Fields, { request }: ClientAuth): readonly string[] | undefined {
  const field = given.get('client_allowed_sans');
  if (field === undefined) return undefined;
  const sans = reader.texts(field).map(({ text }) => text);
  if (!request) {
    const rule = 'names are compared where client_auth_type asks for a certificate';
    reader.refuse(field, 'a list', rule, 'add client_auth_type: RequireAndVerifyClientCert');
  }
  return sans;
}

function versionOf(reader: Reader, field: Field | undefined): SecureVersion | undefined {
  const name = reader.text(field);
  if (field === undefined || name === undefined) return undefined;
  const found = Object.hasOwn(versions, name) ? versions[name] : undefined;
  if (found !== undefined) return found;
  const old = name === 'TLS10' || name === 'TLS11';
  const rule = old ? 'TLS 1.0 and 1.1 are not supported (RFC 8996)' : 'it is a version of TLS';
  reader.refuse(field, JSON.stringify(name), rule, 'use TLS12 or TLS13');
  return undefined;
}

function ciphersOf(reader: Reader, field: Field | undefined): string | undefined {
  const always = Object.fromEntries(tls13Suites.map((name) => [name, name]));
  const chosen = namesOf(reader, field, { ...suites, ...always }, 'cipher suite');
  if (chosen === undefined || chosen.length === 0) return undefined;
  return [...tls13Suites, ...chosen.filter((name) => !tls13Suites.includes(name))].join(':');
}

/** OpenSSL's names for Go's; undefined if the list is absent. */
function namesOf(
  reader: Reader,
  field: Field | undefined,
  known: Readonly<Record<string, string>>,
  what: string,
): readonly string[] | undefined {
  const found = reader.texts(field).flatMap(({ text, field: one }) => {
    const name = Object.hasOwn(known, text) ? known[text] : undefined;
    if (name === undefined)
      reader.refuse(one, JSON.stringify(text), `it is a ${what} that is supported`, `use ${Object.keys(known).join(', ')}`);
    return name ?? [];
  });
  return found.length === 0 ? undefined : found;
}
