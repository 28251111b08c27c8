import { got, refuse } from './refuse.ts';
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
  /** An address that fits, for messages where there is no default. Default: `localhost:4318`. */
  readonly example?: string;
  /** Reads everything else as the path of a Unix socket, which `checkTransport` checks. Default: false. */
  readonly orPath?: boolean;
}

export const addressRule = 'it is HOST:PORT, with a port from 0 to 65535';

/** `HOST:PORT`. */
export function address(options: AddressOptions = {}): Schema<Address> {
  const usual = options.default ?? options.example ?? 'localhost:4318';
  const byDefault = options.default === undefined ? undefined : parseAddress(options.default);
  return valueSchema(
    {
      type: 'address',
      zero: '',
      rule: addressRule,
      example: `write ${usual}`,
      read(given, findings) {
        const text = textOf(given.tree);
        if (text === undefined) return undefined;
        const address = parseAddress(text) ?? (options.orPath ? Object.freeze({ host: '', port: 0, path: text }) : undefined);
        return address ?? refuse(given, findings, got(given.tree), addressRule, addressFix(text, usual));
      },
      print: addressText,
    },
    byDefault,
  );
}

/**
 * What to write instead of a text that is no address: as much of it as there is.
 * @param usual of this key, `localhost:4318`
 */
export function addressFix(text: string, usual: string): string {
  const [, scheme, rest = ''] = /^(https?|grpcs?|tcp):\/\/([^/]*)/i.exec(text) ?? [];
  if (scheme !== undefined) return `leave out the scheme: write ${parseAddress(rest) === undefined ? usual : rest}`;
  const port = /^\d{1,5}$/.test(text) && parseAddress(`localhost:${text}`) !== undefined;
  if (port) return `write localhost:${text}`;
  const withPort = text === '' ? usual : `${text}${usual.slice(usual.lastIndexOf(':'))}`;
  return `write ${parseAddress(withPort) === undefined ? usual : withPort}`;
}

/** As Go's `net.SplitHostPort`: an IPv6 address is in brackets. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:\[([\da-fA-F:.%\w]+)\]|([^[\]:\s/]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > highestPort ? undefined : Object.freeze({ host, port });
}

export function addressText({ host, port, path }: Address): string {
  return path ?? `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
