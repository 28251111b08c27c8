/**
 * Why a request may not pass: it has no credentials, or wrong ones. `busy` and `unavailable` pass: too many are being checked, or
 * the extension cannot read what it compares with.
 */
export type AuthRefusal = 'missing' | 'wrong' | 'busy' | 'unavailable';

/** What a decision is made on: nothing of the body. */
export interface AuthRequest {
  /** Names and values in turn, as `node:http` gives them. */
  readonly rawHeaders: readonly string[];
  /** The peer's address, so that one client cannot keep others waiting. */
  readonly client: string;
  /** The client has left. */
  isGone(): boolean;
}

/** Decides who may send to a server. */
export interface ServerAuth {
  /** For `WWW-Authenticate` (RFC 9110, section 11.6.1). */
  readonly challenge: string;
  /** Undefined: it may pass. Never throws or rejects. */
  check(request: AuthRequest): AuthRefusal | undefined | Promise<AuthRefusal | undefined>;
}

/** Makes a client known to a server. */
export interface ClientAuth {
  /** For the request that is sent now. Lower-case names. Throws where it has no credentials now. */
  headers(): Readonly<Record<string, string>>;
}
