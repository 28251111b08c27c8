/** Opens connections to a receiver: plain or over TLS, straight or through a proxy. */
import { isIP, connect as netConnect, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { AnswerReader } from './answer-reader.ts';

export type Read = (chunk: Buffer) => void;

export interface Dial {
  /**
   * The socket takes writes at once, though it may not be connected yet; its `error` event says why it never will be.
   * @param read gets what arrives; valid during the call only
   * @throws the error of a proxy's connection, or what a proxy answers
   */
  open(signal: AbortSignal, read: Read): Socket | Promise<Socket>;
  /** Requests go to a proxy, which wants the whole URL. */
  readonly absolute: boolean;
  /** For `proxy-authorization`; undefined: none. */
  readonly proxyAuthorization: string | undefined;
}

/** Through the socket where there is one. */
type Way = (read: Read, through?: Socket) => Socket;

/** An answer's usual length, many times over. */
const readBytes = 8_192;
const keepAlive = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 1_000 } as const;

export async function createDial(url: URL, tls: ConnectionOptions | (() => ConnectionOptions), proxy: URL | undefined): Promise<Dial> {
  const secure = url.protocol === 'https:';
  const to: Way = secure ? await secured(url, tls) : (read) => plain(url, read);
  if (proxy === undefined) return Object.freeze<Dial>({ open: (_, read) => to(read), absolute: false, proxyAuthorization: undefined });
  const authorization = basicOf(proxy);
  const toProxy: Way = proxy.protocol === 'https:' ? await secured(proxy, {}) : (read) => plain(proxy, read);
  if (!secure) return Object.freeze<Dial>({ open: (_, read) => toProxy(read), absolute: true, proxyAuthorization: authorization });
  return Object.freeze<Dial>({
    open: async (signal, read) => to(read, await tunnel(toProxy, `${url.hostname}:${portOf(url)}`, authorization, signal)),
    absolute: false,
    proxyAuthorization: undefined,
  });
}

/** `Basic` with the credentials of a URL (RFC 7617); undefined where it has none. */
export function basicOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** Reads into the same memory again and again: by itself, a socket takes 64 KB for each chunk. */
function plain(url: URL, read: Read): Socket {
  const buffer = Buffer.alloc(readBytes);
  function callback(length: number): boolean {
    read(buffer.subarray(0, length));
    return true;
  }
  return netConnect({ host: bare(url), port: portOf(url), onread: { buffer, callback }, ...keepAlive });
}

/** The context is made once, until the options change: the authorities of a machine are some hundred certificates. Sessions are resumed. */
async function secured(url: URL, tls: ConnectionOptions | (() => ConnectionOptions)): Promise<Way> {
  const { connect, createSecureContext } = await import('node:tls');
  const host = bare(url);
  const now = typeof tls === 'function' ? tls : () => tls;
  let current = now();
  let secureContext = createSecureContext(current);
  let session: Buffer | undefined;
  return (read, socket) => {
    const latest = now();
    if (latest !== current) {
      secureContext = createSecureContext(latest);
      current = latest;
      session = undefined;
    }
    const opened = connect({
      ...(isIP(host) === 0 && { servername: host }),
      ...current,
      ...keepAlive,
      secureContext,
      ALPNProtocols: ['http/1.1'],
      host,
      ...(socket === undefined ? { port: portOf(url) } : { socket }),
      ...(session && { session }),
    });
    opened.on('data', read);
    opened.on('session', (ticket) => {
      session = ticket;
    });
    // A receiver that has forgotten the session refuses it, with others.
    opened.on('error', () => {
      session = undefined;
    });
    return opened;
  };
}

/** RFC 9110, section 9.3.6. */
function tunnel(toProxy: Way, authority: string, authorization: string | undefined, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader(true);
    const socket = toProxy(read);
    const cut = () => socket.destroy(signal.reason);
    let settled = false;
    function settle(error?: Error): void {
      settled = true;
      signal.removeEventListener('abort', cut);
      socket.off('error', settle).off('close', closed);
      if (error === undefined) resolve(socket);
      else {
        socket.on('error', () => {}).destroy();
        reject(error);
      }
    }
    const closed = () => settle(new Error('the proxy has closed the connection'));
    function read(chunk: Buffer): void {
      if (settled) return;
      try {
        const whole = reader.read(chunk);
        if (!reader.begun) return;
        if (reader.status >= 300) settle(new Error(`the proxy answers ${reader.status} ${reader.statusText}`.trimEnd()));
        else if (whole) settle();
      } catch (error) {
        settle(error as Error);
      }
    }
    signal.addEventListener('abort', cut, { once: true });
    socket.on('error', settle).on('close', closed);
    const credentials = authorization === undefined ? '' : `proxy-authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`, 'latin1');
    if (signal.aborted) cut();
  });
}

function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

/** IPv6 addresses stand in brackets in a URL. */
function bare({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
