/** Servers on free ports, and bytes over raw sockets. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

/** Listens on a free port while the test runs, and returns the port. */
export async function listening(t: TestContext, server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A new connection on which these bytes were sent. */
export function sending(port: number, bytes: string, host = '127.0.0.1'): Socket {
  const socket = connect({ port, host });
  socket.write(bytes);
  return socket;
}

/** All that comes back for these bytes, until the server ends the connection. */
export function answers(port: number, bytes: string, host?: string): Promise<string> {
  return text(sending(port, bytes, host));
}
