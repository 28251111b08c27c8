import type { SecureContextOptions } from 'node:tls';
import type { TlsConfig } from './config.ts';

/** A TLS configuration in the form that OpenSSL takes. */
export function secureContextOptions(tls: TlsConfig): SecureContextOptions {
  return {
    cert: tls.cert,
    key: tls.key,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    honorCipherOrder: tls.preferServerCiphers,
    ...(tls.clientCa !== undefined && { ca: tls.clientCa }),
    ...(tls.ciphers !== undefined && { ciphers: tls.ciphers }),
    ...(tls.curves !== undefined && { ecdhCurve: tls.curves }),
  };
}
