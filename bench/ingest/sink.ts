/** A receiver behind the one that is measured: takes everything and keeps nothing. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Sink {
  readonly url: string;
  /** That came so far. */
  bytes(): number;
  /** With heads: all that came over its sockets. */
  received(): number;
}

/** It does not keep the process alive. */
export async function startSink(): Promise<Sink> {
  let bytes = 0;
  const sockets: Socket[] = [];
  const server = createServer((request, response) => {
    request.on('data', (part: Buffer) => {
      bytes += part.length;
    });
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 0 }).end());
  }).listen(0, '127.0.0.1');
  server.unref().on('connection', (socket) => sockets.push(socket));
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`,
    bytes: () => bytes,
    received: () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  };
}
