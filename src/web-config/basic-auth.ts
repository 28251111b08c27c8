/** Basic authentication (RFC 7617) against bcrypt hashes. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { BcryptLane } from './bcrypt-queue.ts';

export type Verdict = 'right' | 'wrong' | 'missing' | 'busy';

export interface BasicAuth {
  /** At once where there is nothing to compute: no credentials, or those that were verified before. */
  check(
    users: ReadonlyMap<string, string>,
    authorization: string | undefined,
    client: string,
    isGone: () => boolean,
  ): Verdict | Promise<Verdict>;
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * A name that nobody has is checked against the hash of somebody who is there, always the same one for a name: it costs what a wrong
 * password costs, and nobody can tell names by the time. What was right is remembered as a digest, under a key that this process made for
 * itself, for as long as the user's hash is the same; so a scrape each 15 s costs one bcrypt in a lifetime. Nothing else is remembered, so
 * nobody can crowd it out.
 */
export function createBasicAuth(lane: BcryptLane): BasicAuth {
  const secret = randomBytes(32);
  /** The latest of each user. */
  const verified = new Map<string, Buffer>();

  function digest(...parts: readonly string[]): Buffer {
    return createHmac('sha256', secret).update(JSON.stringify(parts)).digest();
  }

  function standIn(users: ReadonlyMap<string, string>, user: string): string {
    const hashes = [...users.values()];
    return hashes[digest(user).readUInt32BE() % hashes.length] ?? '';
  }

  async function verify(known: boolean, credentials: Credentials, mark: Buffer, matching: Promise<boolean>): Promise<Verdict> {
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
      const matching = lane.check({ password, hash }, client, isGone);
      return matching === undefined ? 'busy' : verify(found !== undefined, credentials, mark, matching);
    },
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The scheme in any case; undefined for another one, for bad Base64, without a colon, and for bytes that are no UTF-8. */
function credentialsIn(authorization: string | undefined): Credentials | undefined {
  const [, base64 = ''] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '') ?? [];
  try {
    const text = utf8.decode(Buffer.from(base64, 'base64'));
    const colon = text.indexOf(':');
    return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return undefined;
  }
}
