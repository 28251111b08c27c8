import { textOf } from './scalars.ts';
import type { Schema } from './schema.ts';
import { type Default, valueSchema } from './value.ts';

/** Where a server listens. */
export interface Address {
  /** The host as written, without the brackets of an IPv6 address: `localhost`, `::1`. Empty: every address of this machine. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Of a Unix socket, as written; the host is empty and the port 0 then. Absent: TCP. */
  readonly path?: string;
}

const highestPort = 65_535;

interface AddressOptions extends Default<string> {
  /** Reads everything else as the path of a Unix socket, for `checkTransport` to judge. Default: false. */
  readonly orPath?: boolean;
}

export const addressRule = 'it is HOST:PORT, with a port from 0 to 65535';

/** `HOST:PORT`. */
export function address(options: AddressOptions = {}): Schema<Address> {
  const example = `write ${options.default ?? 'localhost:4318'}`;
  const byDefault = options.default === undefined ? undefined : parseAddress(options.default);
  return valueSchema(
    {
      type: 'address',
      zero: '',
      rule: addressRule,
      example,
      read({ tree }) {
        const text = textOf(tree);
        if (text === undefined) return undefined;
        return parseAddress(text) ?? (options.orPath ? Object.freeze({ host: '', port: 0, path: text }) : undefined);
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

export function addressText({ host, port, path }: Address): string {
  return path ?? `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
