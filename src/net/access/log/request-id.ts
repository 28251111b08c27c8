import { randomBytes } from 'node:crypto';

/** The response header of a request's id. */
export const requestIdHeader = 'x-request-id';

/** 16 random lower-case hexadecimal digits. Always generated: an id from a client could name another client's request. */
export function newRequestId(): string {
  return randomBytes(8).toString('hex');
}
