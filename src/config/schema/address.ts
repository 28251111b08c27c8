import { textOf } from './scalars.ts';
import type { Schema } from './schema.ts';
import { type Default, valueSchema } from './value.ts';

/** Where a server listens. */
export interface Address {
  /** The host as written, without the brackets of an IPv6 address: `localhost`, `::1`. Empty: every address of this machine. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

const highestPort = 65_535;

/** `HOST:PORT`. */
export function address(options: Default<string> = {}): Schema<Address> {
  const example = `write ${options.default ?? 'localhost:4318'}`;
  const byDefault = options.default === undefined ? undefined : parseAddress(options.default);
  return valueSchema(
    {
      type: 'address',
      zero: '',
      rule: 'it is HOST:PORT, with a port from 0 to 65535',
      example,
      read({ tree }) {
        const text = textOf(tree);
        return text === undefined ? undefined : parseAddress(text);
      },
      print: addressText,
    },
    byDefault,
  );
}

/** As Go's `net.SplitHostPort`: an IPv6 address stands in brackets. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:\[([\da-fA-F:.%\w]+)\]|([^[\]:\s/]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > highestPort ? undefined : Object.freeze({ host, port });
}

export function addressText({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
