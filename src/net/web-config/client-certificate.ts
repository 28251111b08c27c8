/** Whether a client's certificate is acceptable: after the handshake, and before a byte of a request is read. */
import type { TLSSocket } from 'node:tls';
import { canonicalAddress } from '../access/address.ts';
import type { TlsConfig } from './config.ts';

export function mayConnect(socket: TLSSocket, { clientAuth, clientSans }: TlsConfig): boolean {
  if (!clientAuth.request) return true;
  const certificate = socket.getPeerX509Certificate();
  // The configuration requires a name: a client without a certificate has none.
  if (certificate === undefined) return !clientAuth.require && clientSans === undefined;
  if (clientAuth.verify && !socket.authorized) return false;
  if (clientSans === undefined) return true;
  const names = namesIn(certificate.subjectAltName ?? '');
  return clientSans.some((san) => names.has(canonicalAddress(san) ?? san));
}

const kinds: ReadonlySet<string> = new Set(['DNS', 'IP Address', 'URI', 'email']);
/** Node.js's form of one name: quoted, as JSON, where it has characters that could be mistaken for the next name. */
const name = /(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)/g;

/** The DNS names, addresses, URIs and e-mail addresses of `X509Certificate.subjectAltName`; addresses in canonical form. */
export function namesIn(subjectAltName: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { 0: all, 1: kind = '', 2: written = '', index } of subjectAltName.matchAll(name)) {
    const end = index + all.length;
    if (!kinds.has(kind) || (end < subjectAltName.length && !subjectAltName.startsWith(', ', end))) continue;
    const text = written.startsWith('"') ? String(JSON.parse(written)) : written;
    names.add(kind === 'IP Address' ? (canonicalAddress(text) ?? text) : text);
  }
  return names;
}
