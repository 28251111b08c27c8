/**
 * Decides which clients may hold a connection, a slot for a response, and memory for a reply. Where one runs short, the client
 * that has delayed the listener the longest loses it: idle connections first, then slow ones, never one that waits for the
 * listener.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ListenerBounds } from './listener-bounds.ts';
import { type Connection, createSeats, longestWaiting } from './seats.ts';

export interface ConnectionSlots {
  /** A new connection. */
  enter(socket: Socket): void;
  /** A request has arrived; call it for each one. */
  begin(request: IncomingMessage, response: ServerResponse): void;
  /** Gives the connection of a request a slot until its requests have their responses. False: no slot is free. */
  take(socket: Socket): boolean;
  /** A reply of this length is sent on a connection. */
  send(socket: Socket, bytes: number): void;
  /** Idle connections end now, the others after their responses. */
  close(): void;
}

export function createConnectionSlots(bounds: ListenerBounds, now: () => number = () => performance.now()): ConnectionSlots {
  const connections = new Map<Socket, Connection>();
  const seats = createSeats(bounds, now);
  let closing = false;

  function leave(connection: Connection): void {
    seats.leave(connection);
    connections.delete(connection.socket);
  }

  /** Ends a connection, and frees what it holds at once. */
  function cut(connection: Connection): void {
    leave(connection);
    connection.socket.destroy();
  }

  /** One of the connection's responses is complete. */
  function answered(connection: Connection): void {
    connection.underWay -= 1;
    if (connection.taken > 0) connection.taken -= 1;
    connection.wasAnswered = true;
    connection.waitingSince = now();
    if (connection.underWay > 0) return;
    seats.leave(connection);
    if (closing) connection.socket.destroySoon();
  }

  return Object.freeze({
    enter(socket: Socket) {
      if (connections.size >= bounds.connections) {
        const first = longestWaiting(connections.values());
        if (first !== undefined) cut(first);
      }
      const connection = { socket, underWay: 0, taken: 0, wasAnswered: false, bytes: 0, waitingSince: now() };
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
      if (connection === undefined || connection.taken >= bounds.pipelined) return false;
      connection.taken += 1;
      while (!seats.take(connection)) {
        const slow = seats.slowest();
        if (slow === undefined) return false;
        cut(slow);
      }
      return true;
    },
    send(socket: Socket, bytes: number) {
      const connection = connections.get(socket);
      if (connection !== undefined) seats.send(connection, bytes);
    },
    close() {
      closing = true;
      seats.close();
      for (const { socket, underWay } of connections.values()) if (underWay === 0) socket.destroy();
    },
  });
}
