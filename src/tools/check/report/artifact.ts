import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The source of a finding in what standard input gave. */
export const standardInput = 'standard input';

export function isUrl(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) && URL.canParse(source);
}

/** A source as a URI reference (RFC 3986): a URL as it is, a path absolute or relative to where the command ran. */
export function uriOf(source: string): string {
  if (isUrl(source)) return new URL(source).href;
  const text = source.toWellFormed();
  if (isAbsolute(text)) return pathToFileURL(text).href;
  return text.split(sep).map(encodeURIComponent).join('/');
}
