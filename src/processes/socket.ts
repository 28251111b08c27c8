/** Asks a process for its record: it answers whoever connects to its socket, and ends the connection. */
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { mostRecordBytes } from './record.ts';

/** `gone`: nothing listens there. `late`: it has not answered in time. */
export type Answer = Buffer | 'gone' | 'late';

export function ask(path: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (answer: Answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, timeoutMs, 'late');
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > mostRecordBytes) end('late');
    });
    socket.on('end', () => end(Buffer.concat(chunks)));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ECONNREFUSED' || code === 'ENOENT' ? 'gone' : 'late'));
  });
}

export interface Answering {
  close(): Promise<void>;
}

/** Keeps no process alive. Rejects with the error of `listen`. */
export async function answerAt(path: string, record: () => Promise<Buffer>): Promise<Answering> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.unref());
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    record().then(
      (bytes) => socket.end(bytes),
      () => socket.destroy(),
    );
  });
  server.listen({ path, exclusive: true });
  await once(server, 'listening');
  server.unref();
  return Object.freeze({
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
}
