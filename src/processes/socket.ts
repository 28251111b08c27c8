/** How processes ask each other for their records: a byte asks, the answer is a record behind its length. Connections are kept: one costs more than an answer. */
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { mostRecordBytes } from './record.ts';

/** `gone`: nothing listens there. `late`: it has not answered in time. */
export type Answer = Buffer | 'gone' | 'late';

export interface Asking {
  /** Asks one path once at a time. */
  ask(path: string, timeoutMs: number): Promise<Answer>;
  close(): void;
}

const lengthBytes = 4;

export function createAsking(): Asking {
  const kept = new Map<string, Socket>();

  /** Its errors are read while it is asked; a kept one has ended then. */
  function connect(path: string): Socket {
    const socket = createConnection(path).on('error', () => {});
    return socket.on('close', () => {
      if (kept.get(path) === socket) kept.delete(path);
    });
  }

  /** A process may have ended while its connection was kept: it is asked anew then. */
  async function ask(path: string, timeoutMs: number): Promise<Answer> {
    const last = kept.get(path);
    kept.delete(path);
    const before = last?.writable === true ? last : undefined;
    const answer = await answerOf(before ?? connect(path), timeoutMs, (socket) => kept.set(path, socket));
    return answer === 'gone' && before !== undefined ? ask(path, timeoutMs) : answer;
  }

  return Object.freeze<Asking>({
    ask,
    close() {
      for (const socket of kept.values()) socket.destroy();
    },
  });
}

function answerOf(socket: Socket, timeoutMs: number, keep: (socket: Socket) => void): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let expected = lengthBytes;
    const end = (answer: Answer) => {
      clearTimeout(timer);
      socket.off('data', take).off('error', failed).off('close', closed);
      if (typeof answer === 'string') socket.destroy();
      else keep(socket.unref());
      resolve(answer);
    };
    const timer = setTimeout(end, timeoutMs, 'late');
    const failed = ({ code }: NodeJS.ErrnoException) => end(code === 'EAGAIN' ? 'late' : 'gone');
    const closed = () => end('gone');
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (expected === lengthBytes && length >= lengthBytes) expected += Buffer.concat(chunks).readUInt32LE(0);
      if (expected > lengthBytes + mostRecordBytes) end('late');
      else if (expected > lengthBytes && length >= expected) end(Buffer.concat(chunks).subarray(lengthBytes));
    };
    socket.on('data', take).on('error', failed).on('close', closed);
    socket.ref().write('?');
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
    socket.on('data', () => {
      record().then(
        (bytes) => send(socket, bytes),
        () => socket.destroy(),
      );
    });
  });
  // A worker of a cluster would share its socket with the others.
  server.listen({ path, exclusive: true });
  await once(server, 'listening');
  server.unref();
  return Object.freeze({
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  });
}

function send(socket: Socket, bytes: Buffer): void {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(bytes.length);
  socket.cork();
  socket.write(length);
  socket.write(bytes);
  socket.uncork();
}
