/** What a web configuration says, complete: the contents of its files, not their names. Holds secrets; never print it. */
import type { SecureVersion } from 'node:tls';

export interface WebConfig {
  /** Undefined: plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** bcrypt hashes by user name; empty: no basic authentication. */
  readonly users: ReadonlyMap<string, string>;
  /** On every response, under the names that the file spells. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: no limit. */
  readonly rate: Rate | undefined;
}

export interface TlsConfig {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  /** PEM; undefined: the authorities that Node.js trusts. */
  readonly clientCa: string | undefined;
  readonly clientAuth: ClientAuth;
  /** Undefined: any name will do. */
  readonly clientSans: readonly string[] | undefined;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** As OpenSSL takes them; undefined: the defaults of Node.js. */
  readonly ciphers: string | undefined;
  readonly curves: string | undefined;
  readonly preferServerCiphers: boolean;
}

/** A token bucket: `burst` requests at once, and one more each `intervalMs`. */
export interface Rate {
  readonly intervalMs: number;
  readonly burst: number;
}

export interface ClientAuth {
  /** The client is asked for a certificate. */
  readonly request: boolean;
  /** And has to show one. */
  readonly require: boolean;
  /** And what it shows has to come from one of the authorities. */
  readonly verify: boolean;
}

/** `client_auth_type`: the names of Go's `tls.ClientAuthType`, and the older spelling that the Exporter Toolkit keeps. */
export const clientAuthTypes: Readonly<Record<string, ClientAuth>> = Object.freeze({
  NoClientCert: { request: false, require: false, verify: false },
  RequestClientCert: { request: true, require: false, verify: false },
  RequireAnyClientCert: { request: true, require: true, verify: false },
  RequireClientCert: { request: true, require: true, verify: false },
  VerifyClientCertIfGiven: { request: true, require: false, verify: true },
  RequireAndVerifyClientCert: { request: true, require: true, verify: true },
});
