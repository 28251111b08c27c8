/**
 * Decides which clients may hold a connection, a place to be answered in, and memory for a reply. Where one runs short, the client that has
 * delayed the listener the longest loses it: idle connections first, then slow ones, never one that waits for the listener.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ListenerBounds } from './listener-bounds.ts';

export interface Places {
  /** A new connection. */
  enter(socket: Socket): void;
  /** A request has arrived; call it for each one. */
  begin(request: IncomingMessage, response: ServerResponse): void;
  /** Gives the connection of a request a place until its requests are answered. False: no place is free. */
  take(socket: Socket): boolean;
  /** A reply of this length is sent on a connection. */
  send(socket: Socket, bytes: number): void;
  /** Idle connections end now, the others once they are answered. */
  close(): void;
}

interface Connection {
  readonly socket: Socket;
  /** Requests that are not fully answered. */
  underWay: number;
  hasPlace: boolean;
  wasAnswered: boolean;
  /** Bytes of the replies that the client has not read. */
  bytes: number;
  /** Since when the listener has waited for this client, in milliseconds; undefined: the client waits for the listener. */
  waitingSince: number | undefined;
}

export function createPlaces(bounds: ListenerBounds, now: () => number = () => performance.now()): Places {
  const connections = new Map<Socket, Connection>();
  const seated = new Set<Connection>();
  let unread = 0;
  let closing = false;
  const overdue = setInterval(() => {
    const before = now() - bounds.replyMs;
    for (const { socket, waitingSince = Number.POSITIVE_INFINITY } of seated) if (waitingSince < before) socket.destroy();
  }, bounds.checkingMs).unref();

  function leaveSeat(connection: Connection): void {
    unread -= connection.bytes;
    connection.bytes = 0;
    connection.hasPlace = false;
    seated.delete(connection);
  }

  function leave(connection: Connection): void {
    leaveSeat(connection);
    connections.delete(connection.socket);
  }

  /** Ends a connection, and frees what it holds at once. */
  function cut(connection: Connection): void {
    leave(connection);
    connection.socket.destroy();
  }

  /** Cuts the slowest reply that is slow enough. */
  function cutSlow(): boolean {
    const slow = longestWaiting(seated);
    if (slow?.waitingSince === undefined || now() - slow.waitingSince < bounds.slowMs) return false;
    cut(slow);
    return true;
  }

  /** One of the connection's answers is complete. */
  function answered(connection: Connection): void {
    connection.underWay -= 1;
    connection.wasAnswered = true;
    connection.waitingSince = now();
    if (connection.underWay > 0) return;
    leaveSeat(connection);
    if (closing) connection.socket.destroySoon();
  }

  return Object.freeze({
    enter(socket: Socket) {
      if (connections.size >= bounds.connections) {
        const first = longestWaiting(connections.values());
        if (first !== undefined) cut(first);
      }
      const connection = { socket, underWay: 0, hasPlace: false, wasAnswered: false, bytes: 0, waitingSince: now() };
      connections.set(socket, connection);
      socket.once('close', () => leave(connection));
    },
    begin({ socket }: IncomingMessage, response: ServerResponse) {
      const connection = connections.get(socket);
      if (connection === undefined) return;
      connection.underWay += 1;
      if (connection.underWay === 1) connection.waitingSince = undefined;
      response.once('close', () => answered(connection));
    },
    take(socket: Socket) {
      const connection = connections.get(socket);
      if (connection === undefined || connection.underWay > bounds.pipelined) return false;
      if (connection.hasPlace) return true;
      while (seated.size >= bounds.places || unread > bounds.unreadBytes) if (!cutSlow()) return false;
      connection.hasPlace = true;
      seated.add(connection);
      return true;
    },
    send(socket: Socket, bytes: number) {
      const connection = connections.get(socket);
      if (connection === undefined || !connection.hasPlace) return;
      connection.waitingSince ??= now();
      connection.bytes += bytes;
      unread += bytes;
    },
    close() {
      closing = true;
      clearInterval(overdue);
      for (const { socket, underWay } of connections.values()) if (underWay === 0) socket.destroy();
    },
  });
}

/** Idle connections that were answered come before all others. */
function longestWaiting(connections: Iterable<Connection>): Connection | undefined {
  let found: Connection | undefined;
  for (const connection of connections) if (goesBefore(connection, found)) found = connection;
  return found;
}

function goesBefore(a: Connection, b: Connection | undefined): boolean {
  if (a.waitingSince === undefined) return false;
  if (b?.waitingSince === undefined) return true;
  return isKept(a) === isKept(b) ? a.waitingSince < b.waitingSince : isKept(a);
}

function isKept({ underWay, wasAnswered }: Connection): boolean {
  return underWay === 0 && wasAnswered;
}
