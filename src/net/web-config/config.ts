/** A complete web configuration: the contents of its files, not their names. Holds secrets; never print it. */
import type { SecureVersion } from 'node:tls';

export interface WebConfig {
  /** Undefined: plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** bcrypt hashes by user name; empty: no basic authentication. */
  readonly users: ReadonlyMap<string, string>;
  /** On every response, with the names as the file spells them. */
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
  /** Undefined: any name is accepted. */
  readonly clientSans: readonly string[] | undefined;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** In OpenSSL's syntax; undefined: the defaults of Node.js. */
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
  /** The server requests a client certificate. */
  readonly request: boolean;
  /** The client must present a certificate. */
  readonly require: boolean;
  /** A presented certificate must come from one of the authorities. */
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
