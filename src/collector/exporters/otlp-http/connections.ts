/** Connections, each a client of its own, so that the one used last is used first and the others become idle. */
import type { Socket } from 'node:net';
import type { Client } from 'undici';
import { spareMs } from '../../../push/otlp-http/poster.ts';
import type { Route } from './routes.ts';

export interface ConnectionSettings {
  /** Connections are kept for the next request. */
  readonly keepAlive: boolean;
  readonly maxIdle: number;
  /** Milliseconds that a connection may be idle. A receiver's `Keep-Alive` may say less. */
  readonly idleMs: number;
}

/** One connection, made at its first request. */
export interface Connection {
  readonly client: Client;
  readonly origin: string;
  socket: Socket | undefined;
  /** It has carried a request. */
  used: boolean;
}

export interface Connections {
  /** One that is free, else a new one. */
  take(route: Route): Connection;
  /** Keeps a connection that can carry a further request: a receiver may have responded before it had read the request. */
  release(connection: Connection): void;
  end(connection: Connection): void;
  close(): void;
}

export function createConnections(NewClient: typeof Client, { keepAlive, maxIdle, idleMs }: ConnectionSettings): Connections {
  const all = new Set<Connection>();
  /** To where the first request went. A redirection to another origin is rare: its connections are not kept. */
  const free: Connection[] = [];
  let home: string | undefined;
  let closed = false;
  const timeouts = {
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    keepAliveTimeoutThreshold: spareMs,
  } as const;

  function open({ origin, connect }: Route): Connection {
    const client = new NewClient(origin, {
      ...timeouts,
      connect: (to, done) =>
        connect(to, (...[error, socket]) => {
          if (error !== null) return done(error, null);
          Object.assign(connection, { socket, used: false });
          done(null, socket);
        }),
    });
    const connection: Connection = { client, origin, socket: undefined, used: false };
    client.on('disconnect', () => {
      const at = free.indexOf(connection);
      if (at === -1) return;
      free.splice(at, 1);
      end(connection);
    });
    all.add(connection);
    return connection;
  }

  function end(connection: Connection): void {
    all.delete(connection);
    // Its requests are settled already.
    connection.client.destroy().catch(() => {});
  }

  return Object.freeze({
    take(route: Route) {
      home ??= route.origin;
      return (route.origin === home ? free.pop() : undefined) ?? open(route);
    },
    release(connection: Connection) {
      connection.used = true;
      const { socket, origin } = connection;
      const usable = socket !== undefined && !socket.destroyed && socket.writableLength === 0;
      if (usable && keepAlive && !closed && origin === home && free.length < maxIdle) free.push(connection);
      else end(connection);
    },
    end,
    close() {
      closed = true;
      free.length = 0;
      all.forEach(end);
    },
  });
}
