/** Web configurations that cannot be used, and every problem of each, typed from the format's documentation. */
import { type Case, pair, rightHash } from './good-cases.ts';

export interface BadCase extends Case {
  readonly problems: readonly string[];
}

const policies =
  'NoClientCert, RequestClientCert, RequireAnyClientCert, RequireClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert';
const htpasswd = "make one with: htpasswd -nBC 10 '' | tr -d ':\\n'";

export const bad: readonly BadCase[] = [
  {
    what: 'a section that does not exist',
    yaml: 'tls:\n  cert_file: server.pem\n',
    problems: [
      'web-config.yml:1:1 tls: got "tls"; there is no such key. Fix: use tls_server_config, http_server_config, basic_auth_users, rate_limit.',
    ],
  },
  {
    what: 'a key that does not exist',
    yaml: `${pair}  cert_filse: server.pem\n`,
    problems: ['web-config.yml:4:3 tls_server_config.cert_filse: got "cert_filse"; there is no such key. Fix: write cert_file.'],
  },
  {
    what: 'no configuration at all',
    yaml: 'junk\n',
    problems: [
      'web-config.yml:1:1: got a single value; it has keys below it. Fix: use tls_server_config, http_server_config, basic_auth_users, rate_limit.',
    ],
  },
  {
    what: 'a key twice',
    yaml: `${pair}  key_file: server.key.pem\n`,
    problems: ['web-config.yml:4:3: got a key twice; a key occurs once in its section. Fix: keep one of the two.'],
  },
  {
    what: 'an alias of nothing, which must not become a default',
    yaml: `${pair}  client_auth_type: *strict\n`,
    problems: [
      'web-config.yml:4:21: got an alias of nothing; an alias (*NAME) names an anchor (&NAME) above it. Fix: add the anchor, or put the string in quotes.',
    ],
  },
  {
    what: 'no YAML',
    yaml: `basic_auth_users:\n  alice: "${rightHash}\n`,
    problems: [
      'web-config.yml:3:1: got what YAML calls MISSING_CHAR; a configuration is one YAML document. Fix: correct the syntax here.',
    ],
  },
  {
    what: 'a certificate without its key',
    yaml: 'tls_server_config:\n  cert_file: server.pem\n',
    problems: [
      'web-config.yml:2:3 tls_server_config: got neither; TLS needs one of key and key_file. Fix: add it, or leave tls_server_config out for plain HTTP.',
    ],
  },
  {
    what: 'paths that are empty',
    yaml: 'tls_server_config:\n  cert_file: ""\n  key_file: ""\n  client_auth_type: x\n',
    problems: [
      'web-config.yml:2:3 tls_server_config: got neither; TLS needs one of cert and cert_file. Fix: add it, or leave tls_server_config out for plain HTTP.',
      'web-config.yml:2:3 tls_server_config: got neither; TLS needs one of key and key_file. Fix: add it, or leave tls_server_config out for plain HTTP.',
      `web-config.yml:4:21 tls_server_config.client_auth_type: got "x"; it is one of the known values. Fix: use ${policies}.`,
    ],
  },
  {
    what: 'TLS settings without a certificate',
    yaml: 'tls_server_config:\n  min_version: TLS13\n',
    promtool: 'lenient',
    problems: [
      'web-config.yml:2:3 tls_server_config: got neither; TLS needs one of cert and cert_file. Fix: add it, or leave tls_server_config out for plain HTTP.',
      'web-config.yml:2:3 tls_server_config: got neither; TLS needs one of key and key_file. Fix: add it, or leave tls_server_config out for plain HTTP.',
    ],
  },
  {
    what: 'files that are not there',
    yaml: 'tls_server_config:\n  cert_file: no.pem\n  key_file: no.key\n  client_ca_file: no.ca\n  client_auth_type: RequireAndVerifyClientCert\n',
    problems: [
      'web-config.yml:2:14 tls_server_config.cert_file: got "no.pem", a file that cannot be read (ENOENT); it is a file that this user can read. Fix: correct the path, or let this user read the file.',
      'web-config.yml:3:13 tls_server_config.key_file: got "no.key", a file that cannot be read (ENOENT); it is a file that this user can read. Fix: correct the path, or let this user read the file.',
      'web-config.yml:4:19 tls_server_config.client_ca_file: got "no.ca", a file that cannot be read (ENOENT); it is a file that this user can read. Fix: correct the path, or let this user read the file.',
    ],
  },
  {
    what: 'a key in place of the certificate, and the other way round',
    yaml: 'tls_server_config:\n  cert_file: server.key.pem\n  key_file: server.pem\n',
    problems: [
      'web-config.yml:2:14 tls_server_config.cert_file: got "server.key.pem"; it holds certificates in PEM. Fix: write -----BEGIN CERTIFICATE----- and what follows.',
      'web-config.yml:3:13 tls_server_config.key_file: got "server.pem"; it holds a private key in PEM, without a passphrase. Fix: write -----BEGIN PRIVATE KEY----- and what follows.',
    ],
  },
  {
    what: 'the key of another certificate',
    yaml: 'tls_server_config:\n  cert_file: server.pem\n  key_file: client.key.pem\n',
    problems: [
      'web-config.yml:3:13 tls_server_config.key_file: got "client.key.pem"; it is the key of the certificate. Fix: put the two that belong together.',
    ],
  },
  {
    what: 'a key with a passphrase',
    yaml: 'tls_server_config:\n  cert_file: server.pem\n  key_file: locked.key.pem\n',
    problems: [
      'web-config.yml:3:13 tls_server_config.key_file: got "locked.key.pem"; it holds a private key in PEM, without a passphrase. Fix: write -----BEGIN PRIVATE KEY----- and what follows.',
    ],
  },
  {
    what: 'a secret in the place of a key',
    yaml: 'tls_server_config:\n  cert_file: server.pem\n  key: hunter2\n',
    problems: [
      'web-config.yml:3:8 tls_server_config.key: got [redacted]; it holds a private key in PEM, without a passphrase. Fix: write -----BEGIN PRIVATE KEY----- and what follows.',
    ],
  },
  {
    what: 'an authority without a policy',
    yaml: `${pair}  client_ca_file: authority.pem\n`,
    problems: [
      'web-config.yml:4:19 tls_server_config.client_ca_file: got an authority; client_auth_type says what it is for. Fix: add client_auth_type: RequireAndVerifyClientCert.',
    ],
  },
  {
    what: 'an authority that is none',
    yaml: `${pair}  client_ca_file: client.key.pem\n  client_auth_type: RequireAndVerifyClientCert\n`,
    promtool: 'lenient',
    problems: [
      'web-config.yml:4:19 tls_server_config.client_ca_file: got "client.key.pem"; it holds certificates in PEM. Fix: write -----BEGIN CERTIFICATE----- and what follows.',
    ],
  },
  {
    what: 'names that nobody asks for',
    yaml: `${pair}  client_allowed_sans: [scraper.example]\n`,
    promtool: 'newer',
    problems: [
      'web-config.yml:4:24 tls_server_config.client_allowed_sans: got a list; names are compared where client_auth_type asks for a certificate. Fix: add client_auth_type: RequireAndVerifyClientCert.',
    ],
  },
  {
    what: 'a version that does not exist, and one that is too old',
    yaml: `${pair}  min_version: TLS10\n  max_version: TLS111\n`,
    problems: [
      'web-config.yml:4:16 tls_server_config.min_version: got "TLS10"; TLS 1.0 and 1.1 are not supported (RFC 8996). Fix: use TLS12 or TLS13.',
      'web-config.yml:5:16 tls_server_config.max_version: got "TLS111"; it is one of the known values. Fix: use TLS12 or TLS13.',
    ],
  },
  {
    what: 'TLS 1.1',
    yaml: `${pair}  min_version: TLS11\n`,
    promtool: 'lenient',
    problems: [
      'web-config.yml:4:16 tls_server_config.min_version: got "TLS11"; TLS 1.0 and 1.1 are not supported (RFC 8996). Fix: use TLS12 or TLS13.',
    ],
  },
  {
    what: 'versions in the wrong order',
    yaml: `${pair}  min_version: TLS13\n  max_version: TLS12\n`,
    promtool: 'lenient',
    problems: [
      'web-config.yml:4:16 tls_server_config.min_version: got TLSv1.3 to TLSv1.2; min_version is at most max_version. Fix: correct one of them.',
    ],
  },
  {
    what: 'a suite and a curve that do not exist',
    yaml: `${pair}  cipher_suites: [toString]\n  curve_preferences:\n  - CurveP257\n  prefer_server_cipher_suites: "yes"\n`,
    problems: [
      'web-config.yml:4:19 tls_server_config.cipher_suites[0]: got "toString"; it is one of the known values. Fix: use TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256.',
      'web-config.yml:6:5 tls_server_config.curve_preferences[0]: got "CurveP257"; it is one of the known values. Fix: use CurveP256, CurveP384, CurveP521, X25519.',
      'web-config.yml:7:32 tls_server_config.prefer_server_cipher_suites: got "yes"; it is true or false. Fix: write true or false, without quotes.',
    ],
  },
  {
    what: 'HTTP/2',
    yaml: 'http_server_config:\n  http2: true\n',
    promtool: 'lenient',
    problems: [
      'web-config.yml:2:10 http_server_config.http2: got true; HTTP/2 is not supported; clients that know it use HTTP/1.1 here. Fix: write false, or leave it out.',
    ],
  },
  {
    what: 'headers that may not be set, or not so',
    yaml: 'http_server_config:\n  headers:\n    Content-Type: foo\n    X-Frame-Options: foo\n    X-Content-Type-Options: sniff\n    X-XSS-Protection: "1\\r\\nSet-Cookie: a=b"\n',
    problems: [
      'web-config.yml:3:5 http_server_config.headers.Content-Type: got "Content-Type"; there is no such key. Fix: use Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection, Content-Security-Policy.',
      'web-config.yml:4:22 http_server_config.headers.X-Frame-Options: got "foo"; it is one of the known values. Fix: use deny or sameorigin.',
      'web-config.yml:5:29 http_server_config.headers.X-Content-Type-Options: got "sniff"; it is one of the known values. Fix: use nosniff.',
      'web-config.yml:6:23 http_server_config.headers.X-XSS-Protection: got "1\\r\\nSet-Cookie: a=b"; a header is one line of ASCII (RFC 9110, section 5.5). Fix: take the other characters out.',
    ],
  },
  {
    what: 'a password in the clear, none, and a hash of another kind',
    yaml: 'basic_auth_users:\n  alice: hunter2\n  bob:\n  carol: $apr1$x$y\n',
    problems: [
      `web-config.yml:2:10 basic_auth_users.alice: got [redacted]; a password is given as its bcrypt hash. Fix: ${htpasswd}.`,
      `web-config.yml:3:7 basic_auth_users.bob: got [redacted]; a password is given as its bcrypt hash. Fix: ${htpasswd}.`,
      `web-config.yml:4:10 basic_auth_users.carol: got [redacted]; a password is given as its bcrypt hash. Fix: ${htpasswd}.`,
    ],
  },
  {
    what: 'a hash that nobody could wait for',
    yaml: `basic_auth_users:\n  alice: ${rightHash.replace('$04$', '$31$')}\n`,
    promtool: 'lenient',
    problems: [
      'web-config.yml:2:10 basic_auth_users.alice: got cost 31; the cost of a hash is from 4 to 18. Fix: make the hash again, e.g. with cost 10.',
    ],
  },
  {
    what: 'a name that no client could send',
    yaml: `basic_auth_users:\n  "a:b": ${rightHash}\n`,
    promtool: 'lenient',
    problems: [
      'web-config.yml:2:10 basic_auth_users.a:b: got "a:b"; a user name has no colon (RFC 7617). Fix: give the user another name.',
    ],
  },
  {
    what: 'users as a list',
    yaml: 'basic_auth_users: [alice]\n',
    problems: ['web-config.yml:1:19 basic_auth_users: got a list; it has keys below it. Fix: write KEY: VALUE.'],
  },
  {
    what: 'a rate without a unit, and half a request',
    yaml: 'rate_limit:\n  interval: 5\n  burst: 0.5\n',
    promtool: 'newer',
    problems: [
      'web-config.yml:2:13 rate_limit.interval: got 5; it is a duration of at least 0s, with its unit. Fix: write it as 30s.',
      'web-config.yml:3:10 rate_limit.burst: got 0.5; it is a whole number from 0 to 999999999. Fix: write how many requests may come at once.',
    ],
  },
  {
    what: 'a rate that lets nobody in',
    yaml: 'rate_limit:\n  interval: 1s\n',
    promtool: 'newer',
    problems: [
      'web-config.yml:2:13 rate_limit.interval: got a burst of 0; with a limit at least one request may come at once. Fix: set burst to 1 or more.',
    ],
  },
  {
    what: 'something wrong in every section',
    yaml: 'tls_server_config:\n  cert_file: server.pem\nhttp_server_config:\n  http2: maybe\nbasic_auth_users:\n  alice: secret\nrate_limit:\n  brust: 1\n',
    problems: [
      'web-config.yml:2:3 tls_server_config: got neither; TLS needs one of key and key_file. Fix: add it, or leave tls_server_config out for plain HTTP.',
      'web-config.yml:4:10 http_server_config.http2: got "maybe"; it is true or false. Fix: write true or false, without quotes.',
      `web-config.yml:6:10 basic_auth_users.alice: got [redacted]; a password is given as its bcrypt hash. Fix: ${htpasswd}.`,
      'web-config.yml:8:3 rate_limit.brust: got "brust"; there is no such key. Fix: write burst.',
    ],
  },
];
