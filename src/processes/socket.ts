/** How processes ask each other for their records: the version of the head that the asker knows is the question. Connections are kept: one costs more than an answer. */
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { answerLength, mostRecordBytes } from './record.ts';

/** `gone`: nothing listens there. `late`: it has not answered in time. `large`: its record is above the limit. */
export type Answer = Buffer | 'gone' | 'late' | 'large';

export interface Asking {
  /** Asks one path once at a time. The answer is good until the path is asked again. `known`: the version of the head that need not be sent; 0: none. */
  ask(path: string, known: number, timeoutMs: number): Promise<Answer>;
  close(): void;
}

const questionBytes = 4;

/** What one read takes at most. */
const readBytes = 64 * 1024;

interface Connection {
  readonly socket: Socket;
  /** Receives what is read, which is good until the next read; at the end `gone`, or `late` where the listener has no room. */
  take: (read: Buffer | 'gone' | 'late') => void;
  /** The last answer's: mostly the next one has its length. */
  answer: Buffer;
}

export function createAsking(): Asking {
  const kept = new Map<string, Connection>();

  /** It reads into one buffer: Node.js would allocate one for each read, and collect them as garbage. */
  function connect(path: string): Connection {
    const callback = (length: number, buffer: Uint8Array) => {
      connection.take(Buffer.from(buffer.buffer, buffer.byteOffset, length));
      return true;
    };
    const socket = createConnection({ path, onread: { buffer: Buffer.allocUnsafeSlow(readBytes), callback } });
    const connection: Connection = { socket, take: () => {}, answer: Buffer.alloc(0) };
    socket.on('error', ({ code }: NodeJS.ErrnoException) => connection.take(code === 'EAGAIN' ? 'late' : 'gone'));
    socket.on('close', () => {
      if (kept.get(path) === connection) kept.delete(path);
      connection.take('gone');
    });
    return connection;
  }

  /** A process may have ended while its connection was kept: it is asked anew then. */
  async function ask(path: string, known: number, timeoutMs: number): Promise<Answer> {
    const last = kept.get(path);
    kept.delete(path);
    const before = last?.socket.writable === true ? last : undefined;
    const connection = before ?? connect(path);
    const answer = await answerOf(connection, known, timeoutMs);
    if (typeof answer !== 'string') kept.set(path, connection);
    return answer === 'gone' && before !== undefined ? ask(path, known, timeoutMs) : answer;
  }

  return Object.freeze<Asking>({
    ask,
    close() {
      for (const { socket } of kept.values()) socket.destroy();
    },
  });
}

function answerOf(connection: Connection, known: number, timeoutMs: number): Promise<Answer> {
  const { socket } = connection;
  return new Promise((resolve) => {
    let length = 0;
    const end = (answer: Answer) => {
      clearTimeout(timer);
      connection.take = () => {};
      if (typeof answer === 'string') socket.destroy();
      else socket.unref();
      resolve(answer);
    };
    const timer = setTimeout(end, timeoutMs, 'late');
    connection.take = (read) => {
      if (typeof read === 'string') return end(read);
      if (length === 0) {
        const expected = answerLength(read);
        if (expected === undefined) return end('late');
        if (expected > mostRecordBytes) return end('large');
        if (connection.answer.length !== expected) connection.answer = Buffer.allocUnsafeSlow(expected);
      }
      length += read.copy(connection.answer, length);
      if (length >= connection.answer.length) end(connection.answer);
    };
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
