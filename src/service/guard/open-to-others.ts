/**
 * A warning of an address that other machines can reach, where nothing keeps them out or their credentials can be read on the
 * way.
 */
import type { Logger } from '../telemetry/logger.ts';
import type { ServerTlsSettings } from './tls-keys.ts';

interface Guards {
  readonly tls?: ServerTlsSettings | undefined;
  readonly auth?: object | undefined;
}

/** None where clients have to show a certificate, or credentials over TLS. */
export function warnOfOthers(log: Logger, at: string, address: string, { tls, auth }: Guards): void {
  const known = auth !== undefined || (tls?.client_ca_file ?? '') !== '';
  if (tls !== undefined && known) return;
  const reached = `${at}: ${address} can be reached from other machines, and`;
  const open = tls === undefined ? 'there is no TLS and no credential before it' : 'it asks for no credential';
  log.warn(
    known
      ? `${reached} credentials travel without TLS. Fix: add tls, or listen at localhost.`
      : `${reached} any client that reaches it can send metrics: ${open}. Fix: add ${tls === undefined ? 'tls and ' : ''}auth, listen at localhost, or let only your senders through to this port.`,
  );
}
