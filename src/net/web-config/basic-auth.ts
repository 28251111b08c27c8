/** Basic authentication (RFC 7617) against bcrypt hashes. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { BcryptQueue } from './bcrypt-queue.ts';
import type { Check } from './bcrypt-worker.ts';

export type PasswordResult = 'right' | 'wrong' | 'missing' | 'busy';

export interface BasicAuth {
  /** Synchronous where there is nothing to compute: no credentials, or credentials that were verified before. */
  check(
    users: ReadonlyMap<string, string>,
    authorization: string | undefined,
    client: string,
    isGone: () => boolean,
  ): PasswordResult | Promise<PasswordResult>;
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * An unknown user name is checked against the hash of a known user, always the same one for a name: timing does not reveal which
 * names exist. Verified credentials are remembered as a digest, keyed per process, until the user's hash changes: a scrape every
 * 15 s computes bcrypt once. Failures are not remembered, so they evict nothing.
 */
export function createBasicAuth(queue: BcryptQueue): BasicAuth {
  const secret = randomBytes(32);
  /** The latest verified credentials of each user. */
  const verified = new Map<string, Buffer>();
  /** Equal credentials that are being checked count as one check: many senders with one password may begin at a time. */
  const underWay = new Map<string, { readonly matching: Promise<boolean>; readonly gone: (() => boolean)[] }>();

  function digest(...parts: readonly string[]): Buffer {
    return createHmac('sha256', secret).update(JSON.stringify(parts)).digest();
  }

  function standIn(users: ReadonlyMap<string, string>, user: string): string {
    const hashes = [...users.values()];
    return hashes[digest(user).readUInt32BE() % hashes.length] ?? '';
  }

  /** Undefined: too many are waiting. */
  function matchingOf(mark: Buffer, check: Check, client: string, isGone: () => boolean): Promise<boolean> | undefined {
    const key = mark.toString('base64');
    const same = underWay.get(key);
    if (same !== undefined) {
      same.gone.push(isGone);
      return same.matching;
    }
    const gone = [isGone];
    const matching = queue.check(check, client, () => gone.every((one) => one()));
    if (matching === undefined) return undefined;
    underWay.set(key, { matching, gone });
    return matching.finally(() => underWay.delete(key));
  }

  async function verify(
    known: boolean,
    credentials: Credentials,
    mark: Buffer,
    matching: Promise<boolean>,
  ): Promise<PasswordResult> {
    const matches = await matching;
    if (!known || !matches) return 'wrong';
    verified.set(credentials.user, mark);
    return 'right';
  }

  return Object.freeze({
    check(users: ReadonlyMap<string, string>, authorization: string | undefined, client: string, isGone: () => boolean) {
      const credentials = credentialsIn(authorization);
      if (credentials === undefined) return 'missing';
      for (const user of verified.keys()) if (!users.has(user)) verified.delete(user);
      const { user, password } = credentials;
      const found = users.get(user);
      const hash = found ?? standIn(users, user);
      const mark = digest(user, hash, password);
      const before = verified.get(user);
      if (found !== undefined && before !== undefined && timingSafeEqual(before, mark)) return 'right';
      const matching = matchingOf(mark, { password, hash }, client, isGone);
      return matching === undefined ? 'busy' : verify(found !== undefined, credentials, mark, matching);
    },
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The scheme in any case; undefined for another scheme, bad Base64, a missing colon, and bytes that are not UTF-8. */
function credentialsIn(authorization: string | undefined): Credentials | undefined {
  const [, base64 = ''] = /^basic +((?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?)$/i.exec(authorization ?? '') ?? [];
  try {
    const text = utf8.decode(Buffer.from(base64, 'base64'));
    const colon = text.indexOf(':');
    return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return undefined;
  }
}
