/** A source as messages call it: without what may be secret. */

export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source) && URL.canParse(source);
}

/** Without user, password, fragment and query, whose values may be tokens: `?…` stands for them. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

export function shownSource(source: string): string {
  if (source === '-') return 'standard input';
  return isUrl(source) ? shownUrl(new URL(source)) : source;
}
