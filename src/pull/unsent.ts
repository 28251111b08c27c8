/** Bounds what clients that read slowly can hold: in memory all together, and in time each. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Unsent {
  /** More waits to be read than may. */
  isFull(): boolean;
  /** Cuts a reply that is not read in time. */
  watch(response: ServerResponse): void;
}

/** All replies together that clients have not read yet. One more reply, however large, may be on top. */
const defaultMostBytes = 64 * 1024 * 1024;
/** From the request to the last byte of its reply; well above the longest scrape. */
const replyMs = 120_000;

export function watchUnsent(server: Server, mostBytes = defaultMostBytes): Unsent {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    isFull() {
      let bytes = 0;
      for (const socket of sockets) bytes += socket.writableLength;
      return bytes > mostBytes;
    },
    watch(response) {
      const timer = setTimeout(() => response.destroy(), replyMs).unref();
      response.once('close', () => clearTimeout(timer));
    },
  };
}
