/**
 * Slots in which connections get their responses, and the memory of their replies. A reply that its client does not read in time
 * is cut off.
 */
import type { Socket } from 'node:net';
import type { ListenerBounds } from './listener-bounds.ts';

export interface Connection {
  readonly socket: Socket;
  /** Requests whose responses are not complete. */
  underWay: number;
  /** Those of them that are served, beside those that still wait for their turn. */
  taken: number;
  wasAnswered: boolean;
  /** Bytes of the replies that the client has not read. */
  bytes: number;
  /** Since when the listener has waited for this client, in milliseconds; undefined: the client waits for the listener. */
  waitingSince: number | undefined;
}

export interface Seats {
  /** False: no slot is free. */
  take(connection: Connection): boolean;
  /** The slowest reply, if it is slow enough to lose its slot. */
  slowest(): Connection | undefined;
  /** A reply of this length is sent on a connection. */
  send(connection: Connection, bytes: number): void;
  leave(connection: Connection): void;
  close(): void;
}

export function createSeats(bounds: ListenerBounds, now: () => number): Seats {
  const taken = new Set<Connection>();
  let unread = 0;
  const overdue = setInterval(() => {
    const before = now() - bounds.replyMs;
    for (const { socket, waitingSince = Number.POSITIVE_INFINITY } of taken) if (waitingSince < before) socket.destroy();
  }, bounds.checkingMs).unref();
  let crowded: NodeJS.Timeout | undefined;

  /** What others wait for may need the memory of replies that are not read. */
  function cutOff(): void {
    if (unread > bounds.unreadBytes) {
      if (isAwaited()) slowest()?.socket.destroy();
      return;
    }
    clearInterval(crowded);
    crowded = undefined;
  }

  function slowest(): Connection | undefined {
    const slow = longestWaiting(taken);
    return slow?.waitingSince === undefined || now() - slow.waitingSince < bounds.slowMs ? undefined : slow;
  }
  function isAwaited(): boolean {
    for (const { waitingSince } of taken) if (waitingSince === undefined) return true;
    return false;
  }

  return {
    take(connection) {
      if (taken.has(connection)) return true;
      if (taken.size >= bounds.slots || unread > bounds.unreadBytes) return false;
      taken.add(connection);
      return true;
    },
    slowest,
    send(connection, bytes) {
      if (!taken.has(connection)) return;
      connection.waitingSince ??= now();
      connection.bytes += bytes;
      unread += bytes;
      if (unread > bounds.unreadBytes) crowded ??= setInterval(cutOff, bounds.slowMs).unref();
    },
    leave(connection) {
      unread -= connection.bytes;
      connection.bytes = 0;
      taken.delete(connection);
    },
    close() {
      clearInterval(overdue);
      clearInterval(crowded);
    },
  };
}

/** Idle connections that had a response come before all others. */
export function longestWaiting(connections: Iterable<Connection>): Connection | undefined {
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
