/**
 * Limits on connections: of a server, and of all servers in this thread together, by the process's limit of open files. One more
 * ends the one that has been idle the longest; where none is idle, the one whose request has taken the longest.
 */
import type { Socket } from 'node:net';
import { connectionLimit } from './connection-limit.ts';

export interface Connections {
  /** A connection is accepted; over TLS, ahead of its handshake. */
  enter(socket: Socket): void;
  /** The same connection as requests know it: its secure socket, or its session. */
  known(socket: object, as: object): void;
  /** A request begins on a connection. */
  begin(on: object): void;
  /** It has its response. */
  end(on: object): void;
  /** Ends all of them. */
  cut(): void;
}

export interface ConnectionsOptions {
  /** Of this server. Default: 10,000. */
  readonly limit?: number | undefined;
  /** Called for each connection that ends because no descriptor is free, on one server at a time. */
  readonly crowded?: ((message: string) => void) | undefined;
  /** It speaks TLS. Default: false. */
  readonly isSecure?: boolean;
}

interface Connection {
  readonly socket: Socket;
  readonly server: Server;
  underWay: number;
  /** When it has become what it is, idle or busy: a number that grows. */
  since: number;
}

/** Each set in the order of `since`. */
interface Server {
  /** What a connection takes. */
  readonly bytes: number;
  readonly idle: Set<Connection>;
  readonly busy: Set<Connection>;
}

/** What a connection that ended because no descriptor was free is counted as. */
export const tooMany = 'too_many_connections';

/** Each takes a file descriptor, too. */
const most = 10_000;
/**
 * What a connection takes that has had a response and is idle, with some more: of 900 the memory that stays behind a collection
 * is 14 KB each over HTTP/1 and 18 KB over gRPC; over TLS 52 KB and 66 KB, of which 41 KB are OpenSSL's records and keys, and
 * Node.js's buffers for them.
 */
const bytesOfOne = { plain: 24_576, secure: 73_728 };
/** Another server may say that there are too many connections once there were enough for so long, in milliseconds. */
const quietMs = 60_000;

/** Those of this thread that have a connection. */
const servers = new Set<Server>();
let total = 0;
let totalBytes = 0;
let turn = 0;
let limitOfAll: number | undefined;
let teller: ((message: string) => void) | undefined;
let reportedAt = 0;

export function createConnections({ limit = most, crowded, isSecure = false }: ConnectionsOptions = {}): Connections {
  const server: Server = { bytes: bytesOf(isSecure), idle: new Set(), busy: new Set() };
  const connections = new WeakMap<object, Connection>();

  function become(connection: Connection, from: Set<Connection>, to: Set<Connection>): void {
    // It may have ended.
    if (!from.delete(connection)) return;
    connection.since = turn++;
    to.add(connection);
  }

  return Object.freeze({
    enter(socket: Socket) {
      if (sizeOf(server) >= limit) endOne([server]);
      while (total >= threadLimit() && endOne(servers)) tellOnce(crowded);
      const connection = { socket, server, underWay: 0, since: turn++ };
      connections.set(socket, connection);
      server.idle.add(connection);
      servers.add(server);
      total++;
      totalBytes += server.bytes;
      socket.once('close', () => leave(connection));
    },
    known(socket: object, as: object) {
      const connection = connections.get(socket);
      if (connection !== undefined) connections.set(as, connection);
    },
    begin(on: object) {
      const connection = connections.get(on);
      if (connection === undefined) return;
      connection.underWay++;
      become(connection, server.idle, server.busy);
    },
    end(on: object) {
      const connection = connections.get(on);
      if (connection === undefined) return;
      connection.underWay--;
      if (connection.underWay === 0) become(connection, server.busy, server.idle);
    },
    cut() {
      for (const connection of [...server.idle, ...server.busy]) end(connection);
    },
  });
}

/** Bytes that the connections of all servers of this thread take, without their requests. */
export function connectionBytes(): number {
  return totalBytes;
}

function bytesOf(isSecure: boolean): number {
  return isSecure ? bytesOfOne.secure : bytesOfOne.plain;
}

/** As many as a quarter of so much memory has room for. */
export function connectionsWithin(bytes: number, isSecure: boolean): number {
  return Math.max(1, Math.min(most, Math.floor(bytes / 4 / bytesOf(isSecure))));
}

/** Gives a part of this thread's connections to another thread. */
export function lendConnections(atMost: number): { readonly limit: number; takeBack(): void } {
  const limit = Math.min(atMost, Math.ceil(threadLimit() / 2));
  limitOfAll = threadLimit() - limit;
  let lent = limit;
  return {
    limit,
    takeBack() {
      limitOfAll = threadLimit() + lent;
      lent = 0;
    },
  };
}

/** All that this thread may have: what another one has lent. */
export function limitConnections(limit: number): void {
  limitOfAll = limit;
}

function threadLimit(): number {
  limitOfAll ??= connectionLimit();
  return limitOfAll;
}

function sizeOf({ idle, busy }: Server): number {
  return idle.size + busy.size;
}

function leave(connection: Connection): void {
  const { server } = connection;
  if (!server.idle.delete(connection) && !server.busy.delete(connection)) return;
  total--;
  totalBytes -= server.bytes;
  if (sizeOf(server) === 0) servers.delete(server);
}

/** Frees the descriptor at once. */
function endOne(from: Iterable<Server>): boolean {
  const connection = first(from, 'idle') ?? first(from, 'busy');
  if (connection === undefined) return false;
  end(connection);
  return true;
}

function end(connection: Connection): void {
  leave(connection);
  connection.socket.destroy();
}

function first(from: Iterable<Server>, state: 'idle' | 'busy'): Connection | undefined {
  let found: Connection | undefined;
  for (const server of from) {
    const [connection] = server[state];
    if (connection !== undefined && connection.since < (found?.since ?? Number.POSITIVE_INFINITY)) found = connection;
  }
  return found;
}

function tellOnce(tell: ((message: string) => void) | undefined): void {
  const now = performance.now();
  if (now - reportedAt > quietMs) teller = undefined;
  reportedAt = now;
  teller ??= tell;
  teller?.(
    `there are ${total + 1} connections, as many as the limit of open files allows: the one that was idle the longest ends for each new one. Fix: raise the limit (LimitNOFILE=, ulimit -n), or find out who connects`,
  );
}
