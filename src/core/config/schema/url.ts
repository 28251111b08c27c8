import { parseAddress } from './address.ts';
import { got, refuse } from './refuse.ts';
import { textOf } from './scalars.ts';
import type { Schema } from './schema.ts';
import { type Default, valueSchema } from './value.ts';

/** An absolute `http` or `https` URL, as it was written. A message shows none with credentials in it. */
export function url(options: Default<string> = {}): Schema<string> {
  const rule = 'it is an http or https URL';
  const example = `write ${options.default ?? 'http://localhost:4318'}`;
  return valueSchema(
    {
      type: 'URL',
      rule,
      example,
      read(given, findings) {
        const text = textOf(given.tree);
        if (text === undefined || isHttp(text)) return text;
        if (text.includes('@')) return refuse(given, findings, '[redacted]', rule, example);
        return parseAddress(text) === undefined
          ? undefined
          : refuse(given, findings, got(given.tree), rule, `write http://${text}`);
      },
      print: (value, unredacted) => (unredacted ? value : redactedUrl(value)),
    },
    options.default,
  );
}

/**
 * A URL, or one without its scheme, as it is printed: without user and password, and without the query, which may carry a key.
 */
export function redactedUrl(url: string): string {
  const [address = '', query] = url.split(/\?(.*)/s, 2);
  return `${address.replace(/(^|\/\/)[^/@]*@/, '$1[REDACTED]@')}${query === undefined ? '' : '?[REDACTED]'}`;
}

function isHttp(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
