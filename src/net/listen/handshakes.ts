import type { Server, Socket } from 'node:net';

/**
 * Bounds the number of concurrent TLS handshakes of a server: one more ends the oldest.
 * @param done called with both ends of a handshake: the connection, and the secure one that it has become
 */
export function boundHandshakes(server: Server, most: number, done?: (connection: Socket, secure: Socket) => void): void {
  /** Keyed by both ends, since Node does not expose which connection became which secure one. */
  const underWay = new Map<string, Socket>();
  const keyOf = (socket: Socket): string => [socket.remoteAddress, socket.remotePort, socket.localAddress].join();
  server.on('connection', (socket: Socket) => {
    const [oldest] = underWay.size >= most ? underWay.values() : [];
    oldest?.destroy();
    const key = keyOf(socket);
    underWay.set(key, socket);
    socket.once('close', () => {
      if (underWay.get(key) === socket) underWay.delete(key);
    });
  });
  server.prependListener('secureConnection', (socket: Socket) => {
    const key = keyOf(socket);
    const connection = underWay.get(key);
    underWay.delete(key);
    if (connection !== undefined) done?.(connection, socket);
  });
}
