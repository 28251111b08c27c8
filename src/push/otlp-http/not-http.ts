/** What a connection answers is not HTTP, or not to be relied on. Each message begins with "the answer". */
export class NotHttp extends Error {
  override readonly name = 'NotHttp';
}

/** A line of headers (RFC 9110, sections 5.1 and 5.5). */
export const field = /^[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*$/;
