/** A limit on connections. One more ends the one that has sent no request for the longest time. */
import type { Socket } from 'node:net';

export interface Connections {
  enter(socket: Socket): void;
  /** A request begins on a connection. */
  use(socket: Socket): void;
  /** Ends all of them. */
  cut(): void;
}

/** Each takes a file descriptor and some 20 KB. */
const most = 10_000;

export function createConnections(limit = most): Connections {
  // In the order of their last use.
  const sockets = new Set<Socket>();
  return Object.freeze({
    enter(socket: Socket) {
      if (sockets.size >= limit) {
        const [oldest] = sockets;
        oldest?.destroy();
        if (oldest !== undefined) sockets.delete(oldest);
      }
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    use(socket: Socket) {
      if (sockets.delete(socket)) sockets.add(socket);
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  });
}
