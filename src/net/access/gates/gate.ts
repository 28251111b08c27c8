/** An access rule as data, so that it can be posted to a listener in another thread. `compileGate` turns it into a function. */
import type { Secret } from '../secret.ts';

export type Gate =
  | { readonly type: 'open' }
  | { readonly type: 'loopback' }
  | { readonly type: 'cidr'; readonly ranges: readonly string[] }
  | { readonly type: 'bearer'; readonly secret: Secret }
  | { readonly type: 'apiKeys'; readonly keys: readonly StoredKey[] }
  | { readonly type: 'anyOf'; readonly gates: readonly Gate[] }
  | { readonly type: 'allOf'; readonly gates: readonly Gate[] };

export interface StoredKey {
  /** The key's SHA-256 in hexadecimal; opaque, since a short key could be guessed from it. */
  readonly sha256: Secret;
  readonly tenant: string;
}

/** The facts of a request that an access rule decides by. */
export interface Caller {
  /** Canonical, IPv4-mapped addresses as IPv4; undefined: unknown, which is never loopback and in no range. */
  readonly address: string | undefined;
  /** All `Authorization` lines, joined. */
  readonly authorization: string | undefined;
}

/**
 * Why a request was rejected: a token or key was `missing` or `wrong`, the `address` is not allowed, or a secret's file cannot be
 * read now (`unavailable`).
 */
export type RefusalReason = 'unavailable' | 'wrong' | 'missing' | 'address';

export type Decision =
  | { readonly allowed: true; readonly tenant: string | undefined }
  | { readonly allowed: false; readonly reason: RefusalReason };

export type Decide = (caller: Caller) => Decision;

export const allowed: Decision = Object.freeze({ allowed: true, tenant: undefined });

const refusals = {
  unavailable: Object.freeze({ allowed: false, reason: 'unavailable' }),
  wrong: Object.freeze({ allowed: false, reason: 'wrong' }),
  missing: Object.freeze({ allowed: false, reason: 'missing' }),
  address: Object.freeze({ allowed: false, reason: 'address' }),
} as const satisfies Record<RefusalReason, Decision>;

/** Every reason; when several access rules reject a request, the first of them in this order is reported. */
const refusalReasons = Object.keys(refusals) as readonly RefusalReason[];

export function refused(reason: RefusalReason): Decision {
  return refusals[reason];
}

/** The reason to report for several rejections. */
export function firstRefusal(decisions: readonly Decision[]): Decision {
  const reason = refusalReasons.find((one) => decisions.some((decision) => !decision.allowed && decision.reason === one));
  return refused(reason ?? 'address');
}
