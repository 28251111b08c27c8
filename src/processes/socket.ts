/** How processes ask each other for their records: the version of the head that the asker knows is the question. Connections are kept: one costs more than an answer. */
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { answerLength, mostRecordBytes } from './record.ts';

/** `gone`: nothing listens there. `late`: it has not answered in time. */
export type Answer = Buffer | 'gone' | 'late';

export interface Asking {
  /** Asks one path once at a time. `known`: the version of the head that need not be sent; 0: none. */
  ask(path: string, known: number, timeoutMs: number): Promise<Answer>;
  close(): void;
}

const questionBytes = 4;

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
  async function ask(path: string, known: number, timeoutMs: number): Promise<Answer> {
    const last = kept.get(path);
    kept.delete(path);
    const before = last?.writable === true ? last : undefined;
    const answer = await answerOf(before ?? connect(path), known, timeoutMs, (socket) => kept.set(path, socket));
    return answer === 'gone' && before !== undefined ? ask(path, known, timeoutMs) : answer;
  }

  return Object.freeze<Asking>({
    ask,
    close() {
      for (const socket of kept.values()) socket.destroy();
    },
  });
}

function answerOf(socket: Socket, known: number, timeoutMs: number, keep: (socket: Socket) => void): Promise<Answer> {
  return new Promise((resolve) => {
    let answer: Buffer = Buffer.alloc(0);
    let length = 0;
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
      const expected = answerLength(length === 0 ? chunk : answer) ?? mostRecordBytes + 1;
      if (expected > mostRecordBytes) return end('late');
      if (chunk.length === expected) return end(chunk);
      if (length === 0) answer = Buffer.allocUnsafeSlow(expected);
      length += chunk.copy(answer, length);
      if (length >= expected) end(answer);
    };
    socket.on('data', take).on('error', failed).on('close', closed);
    const question = Buffer.allocUnsafe(questionBytes);
    question.writeUInt32LE(known);
    socket.ref().write(question);
  });
}

export interface Answering {
  close(): Promise<void>;
}

/** Keeps no process alive. Rejects with the error of `listen`. */
export async function answerAt(path: string, answer: (known: number) => Promise<Buffer>): Promise<Answering> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.unref());
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (question) => {
      answer(question.length < questionBytes ? 0 : question.readUInt32LE()).then(
        (bytes) => socket.write(bytes),
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
