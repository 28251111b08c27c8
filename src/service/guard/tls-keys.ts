/** The keys of `tls`, of servers and of clients. */
import {
  type Checker,
  duration,
  flag,
  type Infer,
  list,
  notSupported,
  oneOf,
  optional,
  secret,
  section,
  text,
} from '../../core/config/schema/index.ts';
import { suites, tls13Suites } from '../../net/web-config/suites.ts';

const tooOld = 'TLS 1.0 and 1.1 are not supported (RFC 8996)';
const refused = { '1.0': tooOld, '1.1': tooOld };

/** The Collector's names of curves, and OpenSSL's. */
export const curves = Object.freeze({
  P256: 'P-256',
  P384: 'P-384',
  P521: 'P-521',
  X25519: 'X25519',
  X25519MLKEM768: 'X25519MLKEM768',
});

const file = optional(text({ example: 'write the path of a file' }));

const shared = {
  cert_file: file,
  cert_pem: optional(secret()),
  key_file: file,
  key_pem: optional(secret()),
  min_version: oneOf(['1.2', '1.3'], { default: '1.2', refused }),
  max_version: oneOf(['1.2', '1.3'], { default: '1.3', refused }),
  /** Go's names. Those of TLS 1.3 are always on. */
  cipher_suites: list(text({ check: suiteRule, example: 'write TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' }), { default: [] }),
  include_insecure_cipher_suites: notSupported('leave it out: suites that Go calls insecure are not offered'),
  curve_preferences: list(oneOf(Object.keys(curves) as (keyof typeof curves)[]), { default: [] }),
  tpm: notSupported('write key_file or key_pem: Node.js takes no key from a TPM'),
  /** Files are looked at for a change at most so often; below a second: once a second. */
  reload_interval: duration({ default: '0s' }),
} as const;

function suiteRule(name: string): string | undefined {
  return Object.hasOwn(suites, name) || tls13Suites.includes(name)
    ? undefined
    : 'it is the Go name of a suite that is not insecure';
}

interface Pair {
  readonly cert_file: string | undefined;
  readonly cert_pem: string | undefined;
  readonly key_file: string | undefined;
  readonly key_pem: string | undefined;
  readonly min_version: string;
  readonly max_version: string;
}

function checkPair(given: Pair, on: Checker): void {
  for (const name of ['cert', 'key'] as const)
    if (isSet(given[`${name}_file`]) && isSet(given[`${name}_pem`]))
      on.refuse(`${name}_pem`, 'both', `it is ${name}_file or ${name}_pem`, 'keep one of the two');
  if (given.min_version > given.max_version)
    on.refuse(
      'min_version',
      `${given.min_version} to ${given.max_version}`,
      'min_version is at most max_version',
      'correct one of them',
    );
}

/** The Collector takes an empty string for an absent one. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

const has = (given: Pair, name: 'cert' | 'key'): boolean => isSet(given[`${name}_file`]) || isSet(given[`${name}_pem`]);

/** `tls` of a server. Absent: plain. */
export const serverTls = optional(
  section({ ...shared, client_ca_file: file, client_ca_file_reload: flag({ default: false }) }, (given, on) => {
    checkPair(given, on);
    for (const name of ['cert', 'key'] as const)
      if (!has(given, name)) on.refuse('', `no ${name}`, `a server has ${name}_file or ${name}_pem`, 'add it, or leave tls out');
  }),
);

export type ServerTlsSettings = NonNullable<Infer<typeof serverTls>>;

/** `tls` of a client over HTTP. Absent: the authorities of this machine count. */
export const clientTls = optional(
  section(
    {
      ...shared,
      ca_file: file,
      ca_pem: optional(secret()),
      /** The authorities of this machine count beside `ca_file` or `ca_pem`. */
      include_system_ca_certs_pool: flag({ default: false }),
      /** Without a meaning over HTTP, as in the Collector: the scheme of the endpoint decides. */
      insecure: flag({ default: false }),
      insecure_skip_verify: flag({ default: false }),
      /** The name that the server's certificate has to have. */
      server_name_override: optional(text({ example: 'write the name of the server' })),
    },
    (given, on) => {
      checkPair(given, on);
      if (isSet(given.ca_file) && isSet(given.ca_pem))
        on.refuse('ca_pem', 'both', 'it is ca_file or ca_pem', 'keep one of the two');
      if (has(given, 'cert') !== has(given, 'key'))
        on.refuse('', 'one of the two', 'a certificate has its key', 'write both, or neither');
      if (given.insecure_skip_verify) on.warn('insecure_skip_verify', 'any server at the address is accepted');
    },
  ),
);

export type ClientTlsSettings = NonNullable<Infer<typeof clientTls>>;
