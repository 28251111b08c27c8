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
        return parseAddress(text) === undefined ? undefined : refuse(given, findings, got(given.tree), rule, `write http://${text}`);
      },
      print: (value, unredacted) => (unredacted ? value : value.replace(/\/\/[^/@]*@/, '//[REDACTED]@')),
    },
    options.default,
  );
}

function isHttp(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
