import { randomBytes } from 'node:crypto';

/** The response header of a request's id. */
export const requestIdHeader = 'x-request-id';

/** 16 lower-case hexadecimal digits at random. Always new: an id that a client sends could name another's request. */
export function newRequestId(): string {
  return randomBytes(8).toString('hex');
}
