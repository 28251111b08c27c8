/** Web configurations that can be used. They stand in a folder with the certificates. */
import { readFileSync } from 'node:fs';

export const certificates = new URL('./certificates/', import.meta.url);

export function certificate(name: string): string {
  return readFileSync(new URL(name, certificates), 'utf8');
}

/** A text as a YAML block below a key. */
function block(text: string): string {
  return `|\n${text.trimEnd().replace(/^/gm, '    ')}`;
}

export interface Case {
  readonly what: string;
  readonly yaml: string;
  /**
   * What promtool says of it, where that is not what Meterbridge says: `newer` is refused for a key that its version does not
   * know, `lenient` is accepted. See docs/access.md for why.
   */
  readonly promtool?: 'newer' | 'lenient';
}

export const pair = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server.key.pem\n';
/** "right" as a password, with cost 4. */
export const rightHash = '$2y$04$WnAZgj3WEuHiWengbAC9P.dpYM1PlDsup0/O6KBJwXaRWuyNk4/2y';

export const good: readonly Case[] = [
  { what: 'nothing', yaml: '' },
  { what: 'a comment alone', yaml: '# later\n' },
  { what: 'sections without keys', yaml: 'tls_server_config:\nhttp_server_config:\nbasic_auth_users:\n' },
  { what: 'a certificate and its key', yaml: pair },
  { what: 'a null where a default is', yaml: `${pair}  client_auth_type: ~\n  min_version: null\n` },
  {
    what: 'certificate, key and authority in the file itself',
    yaml: `tls_server_config:\n  cert: ${block(certificate('server.pem'))}\n  key: ${block(certificate('server.key.pem'))}\n  client_ca: ${block(certificate('authority.pem'))}\n  client_auth_type: RequireAndVerifyClientCert\n`,
    promtool: 'newer',
  },
  {
    what: 'client certificates',
    yaml: `${pair}  client_ca_file: authority.pem\n  client_auth_type: RequireAndVerifyClientCert\n`,
  },
  { what: 'client certificates without an authority', yaml: `${pair}  client_auth_type: VerifyClientCertIfGiven\n` },
  { what: 'the older name of a policy', yaml: `${pair}  client_auth_type: RequireClientCert\n` },
  {
    what: 'names of clients',
    yaml: `${pair}  client_ca_file: authority.pem\n  client_auth_type: RequireAndVerifyClientCert\n  client_allowed_sans:\n  - scraper.example\n`,
    promtool: 'newer',
  },
  { what: 'TLS 1.3 alone', yaml: `${pair}  min_version: TLS13\n  max_version: TLS13\n` },
  {
    what: 'suites and curves',
    yaml: `${pair}  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256]\n  prefer_server_cipher_suites: no\n  curve_preferences: [X25519, CurveP256]\n`,
  },
  {
    what: 'an anchor',
    yaml: 'tls_server_config:\n  cert_file: &name server.pem\n  key_file: server.key.pem\n  client_ca_file: *name\n  client_auth_type: RequestClientCert\n',
  },
  {
    what: 'every header',
    yaml: 'http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: deny\n    Strict-Transport-Security: max-age=31536000; includeSubDomains\n    X-Content-Type-Options: nosniff\n    X-XSS-Protection: 1\n    Content-Security-Policy: "default-src \'self\'"\n',
  },
  { what: 'users', yaml: `basic_auth_users:\n  alice: ${rightHash}\n  42: ${rightHash.replace('2y', '2b')}\n` },
  { what: 'a rate limit', yaml: 'rate_limit:\n  interval: 1m0.5s\n  burst: 3\n', promtool: 'newer' },
  { what: 'a rate limit that is off', yaml: 'rate_limit:\n  interval: 0\n  burst: 0\n', promtool: 'newer' },
];
