/** The key of an `Authorization: Bearer` header (RFC 6750, section 2.1), and its comparison. */
import { timingSafeEqual } from 'node:crypto';
import { sha256 } from './secret.ts';

const bearer = /^[ \t]*bearer[ \t]+(.*)$/is;

export interface Presented {
  /** SHA-256 of the key; of nothing when there is none, so that comparing costs the same. */
  readonly digest: Buffer;
  /** A key was there at all. */
  readonly some: boolean;
  /** It can be a key: no white space, so not two lines of the header either. */
  readonly whole: boolean;
}

/** The scheme in any case, the key trimmed; another scheme or an empty key is no key. */
export function presented(authorization: string | undefined): Presented {
  const key = bearer.exec(authorization ?? '')?.[1]?.trim() ?? '';
  // Node.js gives header bytes as Latin-1; a token in UTF-8 is told by the same bytes.
  return { digest: sha256(Buffer.from(key, 'latin1')), some: key !== '', whole: key !== '' && !/\s/.test(key) };
}

/** In constant time whatever the two secrets are: digests have one length. */
export function same(a: Buffer, b: Buffer): boolean {
  return timingSafeEqual(a, b);
}
