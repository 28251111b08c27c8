/** The keys of `tls_server_config`. */
import { flag, type Infer, list, oneOf, optional, secret, section, text } from '../../core/config/schema/index.ts';
import { clientAuthTypes } from './config.ts';
import { curves, suites, tls13Suites } from './suites.ts';

const tooOld = 'TLS 1.0 and 1.1 are not supported (RFC 8996)';
const version = (byDefault: 'TLS12' | 'TLS13') =>
  oneOf(['TLS12', 'TLS13'], { default: byDefault, refused: { TLS10: tooOld, TLS11: tooOld } });

export const tlsSchema = section({
  cert: optional(text()),
  key: optional(secret()),
  client_ca: optional(text()),
  cert_file: optional(text()),
  key_file: optional(text()),
  client_auth_type: optional(oneOf(Object.keys(clientAuthTypes))),
  client_ca_file: optional(text()),
  client_allowed_sans: optional(list(text())),
  min_version: version('TLS12'),
  max_version: version('TLS13'),
  cipher_suites: list(oneOf([...Object.keys(suites), ...tls13Suites]), { default: [] }),
  prefer_server_cipher_suites: flag({ default: true }),
  curve_preferences: list(oneOf(Object.keys(curves)), { default: [] }),
});

export type TlsSettings = Infer<typeof tlsSchema>;
