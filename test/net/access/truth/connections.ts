/**
 * A small client of HTTP/1.1 that keeps its connections. Node's own takes more time than the servers that the tables are about.
 */
import { connect, type Socket } from 'node:net';

export interface Response {
  readonly status: number;
  /** Names in lower case, in their order on the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface Connections {
  /** Sends the bytes of one request over a connection that is free. */
  ask(request: string, method: string): Promise<Response>;
  destroy(): void;
}

/** Node's servers end a connection that was idle for 5 s. */
const maxIdleMs = 2_000;

/** Connections to one server from one address, at most so many at a time. */
export function connections(port: number, from: string, most: number): Connections {
  const open = Array.from({ length: most }, () => connection(port, from));
  const free = [...open];
  const waiting: ((one: Connection) => void)[] = [];
  return {
    async ask(request, method) {
      const one = free.shift() ?? (await new Promise<Connection>((resolve) => void waiting.push(resolve)));
      try {
        return await one.ask(request, method);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free.push(one);
        else next(one);
      }
    },
    destroy() {
      for (const one of open) one.destroy();
    },
  };
}

/** One request over a connection that serves no other. */
export async function askAlone(port: number, from: string, request: string, method: string): Promise<Response> {
  const alone = connection(port, from);
  return alone.ask(request, method).finally(alone.destroy);
}

type Connection = Connections;

function connection(port: number, from: string): Connection {
  let socket: Socket | undefined;
  let lastUsed = 0;
  let received: Buffer = Buffer.alloc(0);
  let settle: { method: string; resolve(response: Response): void; reject(error: unknown): void } | undefined;

  function fail(error: unknown): void {
    socket?.destroy();
    settle?.reject(error);
    settle = undefined;
  }

  function read(bytes: Buffer): void {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    try {
      if (settle === undefined) throw new Error(`bytes without a request: ${received}`);
      const response = parse(received, settle.method);
      if (response === undefined) return;
      received = Buffer.alloc(0);
      lastUsed = performance.now();
      settle.resolve(response);
      settle = undefined;
    } catch (error) {
      fail(error);
    }
  }

  function opened(): Socket {
    if (socket !== undefined && !socket.destroyed && socket.writable && performance.now() - lastUsed < maxIdleMs) return socket;
    socket?.destroy();
    received = Buffer.alloc(0);
    const next = connect({ port, host: from.includes(':') ? '::1' : '127.0.0.1', localAddress: from, noDelay: true });
    next.on('data', (bytes) => next === socket && read(bytes));
    next.on('error', (error) => next === socket && fail(error));
    next.on(
      'close',
      () => next === socket && fail(new Error(`the server ended the connection after ${JSON.stringify(`${received}`)}`)),
    );
    socket = next;
    return next;
  }

  return {
    ask: (request, method) =>
      new Promise((resolve, reject) => {
        const to = opened();
        settle = { method, resolve, reject };
        to.write(request, 'latin1');
      }),
    destroy: () => void socket?.destroy(),
  };
}

/**
 * The answer to a request of that method (RFC 9112, sections 4 to 6); undefined while bytes are missing. Answers here announce a
 * length.
 */
function parse(bytes: Buffer, method: string): Response | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) [ -~]*$/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new Error(`not a status line: ${statusLine}`);
  const headers = lines.map((line) => {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a header: ${line}`);
    return [name.toLowerCase(), value] as const;
  });
  const announced = method === 'HEAD' ? '0' : headers.find(([name]) => name === 'content-length')?.[1];
  if (announced === undefined || !/^\d+$/.test(announced)) throw new Error(`no length: ${statusLine} ${lines.join(', ')}`);
  const length = end + 4 + Number(announced);
  if (bytes.length < length) return undefined;
  if (bytes.length > length) throw new Error(`more than one answer: ${bytes}`);
  return { status, headers, body: bytes.toString('utf8', end + 4) };
}
