/** Attempts over HTTP/1.1, on connections that are kept. An attempt never rejects: its result describes any error. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import type { Connections } from './client-settings.ts';
import { Connection, type Posted, reasonOf } from './connection.ts';
import { basicOf, createDial } from './dial.ts';

export interface Poster {
  /**
   * Ends when `signal` aborts; the message of its reason is then the attempt's error.
   * @param headers the same object where they are the same, so that they are written out once
   */
  post(headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal): Promise<Posted>;
  close(): void;
}

/** Headers that say how long a body is. */
const framing = ['content-length', 'transfer-encoding'];
const keptConnections: Connections = { keepAlive: true, maxFreeSockets: 256 };

export async function createPoster(
  url: URL,
  tls: ConnectionOptions | (() => ConnectionOptions),
  { keepAlive, maxFreeSockets, timeout = 0, proxy }: Connections = keptConnections,
): Promise<Poster> {
  const dial = await createDial(url, tls, proxy);
  const fixed = {
    host: url.host,
    ...(basicOf(url) !== undefined && { authorization: basicOf(url) as string }),
    ...(dial.proxyAuthorization !== undefined && { 'proxy-authorization': dial.proxyAuthorization }),
    connection: keepAlive ? 'keep-alive' : 'close',
  };
  const target = dial.absolute ? `${url.origin}${url.pathname}${url.search}` : `${url.pathname}${url.search}`;
  const all = new Set<Connection>();
  /** The one that was used last is used first, so that those which are not needed become idle. */
  const free: Connection[] = [];
  let closed = false;
  let written: { readonly of: object; readonly text: string } | undefined;

  function headOf(headers: Readonly<Record<string, string>>): string {
    if (written?.of !== headers) {
      const lines = new Map<string, string>();
      for (const [name, value] of Object.entries({ ...fixed, ...headers })) lines.set(name.toLowerCase(), lineOf(name, value));
      for (const name of framing) lines.delete(name);
      written = { of: headers, text: `POST ${target} HTTP/1.1\r\n${[...lines.values()].join('')}content-length: ` };
    }
    return written.text;
  }

  function forget(connection: Connection): void {
    all.delete(connection);
    const at = free.indexOf(connection);
    if (at !== -1) free.splice(at, 1);
  }

  async function opened(signal: AbortSignal): Promise<Connection> {
    const connection: Connection = new Connection(await dial.open(signal, (chunk) => connection.read(chunk)), timeout, forget);
    all.add(connection);
    return connection;
  }

  function kept(): Connection | undefined {
    for (let last = free.pop(); last !== undefined; last = free.pop()) if (last.usable) return last;
    return undefined;
  }

  async function post(head: string, body: Uint8Array, signal: AbortSignal): Promise<Posted> {
    const connection = kept() ?? (await opened(signal));
    const posted = await connection.post(`${head}${body.length}\r\n\r\n`, body, signal);
    if (!connection.usable) return posted;
    if (keepAlive && !closed && free.length < maxFreeSockets) free.push(connection);
    else connection.destroy();
    return posted;
  }

  return Object.freeze({
    async post(headers: Readonly<Record<string, string>>, body: Uint8Array, signal: AbortSignal) {
      if (signal.aborted) return { error: reasonOf(signal) };
      try {
        return await post(headOf(headers), body, signal);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        return { error: signal.aborted ? reasonOf(signal) : (code ?? message) };
      }
    },
    close() {
      closed = true;
      for (const connection of all) connection.destroy();
    },
  });
}

/** @throws TypeError for what cannot stand in a header */
function lineOf(name: string, value: string): string {
  validateHeaderName(name);
  validateHeaderValue(name, value);
  return `${name}: ${value}\r\n`;
}
