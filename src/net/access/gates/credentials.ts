/** The key of an `Authorization: Bearer` header (RFC 6750, section 2.1), and its comparison. */
import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '../secret.ts';

const bearer = /^[ \t]*bearer[ \t]+(.*)$/is;

export interface Presented {
  /** SHA-256 of the key; of an empty string without a key, so that comparing costs the same. */
  readonly digest: Buffer;
  /** Whether the request has a key. */
  readonly some: boolean;
  /** Whether it can be a key: no white space, so it is not two lines of the header either. */
  readonly whole: boolean;
}

/** The scheme in any case, the key trimmed; another scheme or an empty key counts as no key. */
export function presented(authorization: string | undefined): Presented {
  const key = bearer.exec(authorization ?? '')?.[1]?.trim() ?? '';
  // Node.js decodes header bytes as Latin-1; this restores the bytes, so a UTF-8 token compares correctly.
  return { digest: sha256(Buffer.from(key, 'latin1')), some: key !== '', whole: key !== '' && !/\s/.test(key) };
}

/** Takes constant time for any two secrets: digests have one length. */
export function same(a: Buffer, b: Buffer): boolean {
  return timingSafeEqual(a, b);
}
