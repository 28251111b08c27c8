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
  /** Replies under way, and what their sockets had written before. */
  const replies = new Map<ServerResponse, number>();
  return {
    isFull() {
      let bytes = 0;
      for (const socket of sockets) bytes += socket.writableLength;
      for (const [response, before] of replies) bytes += notHandedOver(response, before);
      return bytes > mostBytes;
    },
    watch(response) {
      const timer = setTimeout(() => response.destroy(), replyMs).unref();
      replies.set(response, response.socket?.bytesWritten ?? 0);
      response.once('close', () => {
        clearTimeout(timer);
        replies.delete(response);
      });
    },
  };
}

/** A large body goes to its socket in pieces; the rest of it is held all the same. */
function notHandedOver(response: ServerResponse, before: number): number {
  const length = response.headersSent ? Number(response.getHeader('content-length') ?? 0) : 0;
  return Math.max(0, length - ((response.socket?.bytesWritten ?? 0) - before));
}
