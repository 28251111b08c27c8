/**
 * How processes request each other's records: a request is the version of the head that is known already. Connections are kept:
 * one costs more than a response.
 */
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { answerLength, mostRecordBytes, whyNoAnswer } from './record/record.ts';

/**
 * `gone`: nothing listens there. `late`: it has not responded in time. `large`: its record is above the limit. `why`: what comes
 * from there is no record.
 */
export type Answer = Buffer | 'gone' | 'late' | 'large' | { readonly why: string };

export interface RecordClient {
  /**
   * Queries one path once at a time. The response is valid until the path is queried again. `known`: the version of the head that
   * need not be sent; 0: none.
   */
  ask(path: string, known: number, timeoutMs: number): Promise<Answer>;
  /** Whether its last response has left a connection: it is queried there even if its path has gone. */
  isConnected(path: string): boolean;
  /** Its response is no record: it gets another connection. */
  disconnect(path: string): void;
  close(): void;
}

const questionBytes = 4;

/** What one read takes at most. */
const readBytes = 64 * 1024;
/** How much memory is reserved for a response before it arrives. */
const mostAheadBytes = 1024 * 1024;

/**
 * Errors of a path at which nothing listens, and of a connection that has ended. Others say nothing about the process: a backlog
 * may be full, or this process may have no descriptor.
 */
const ended: readonly string[] = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'EPROTOTYPE', 'ECONNRESET', 'EPIPE'];

interface Connection {
  readonly socket: Socket;
  /** Receives what is read, which is good until the next read; at the end `gone`, or `late` where it is not known. */
  take: (read: Buffer | 'gone' | 'late') => void;
  /** The last response's: mostly the next one has its length. */
  answer: Buffer;
}

export function createAsking(): RecordClient {
  const kept = new Map<string, Connection>();

  /** It reads into one buffer: Node.js would allocate one for each read, and collect them as garbage. */
  function connect(path: string): Connection {
    const callback = (length: number, buffer: Uint8Array) => {
      connection.take(Buffer.from(buffer.buffer, buffer.byteOffset, length));
      return true;
    };
    const socket = createConnection({ path, onread: { buffer: Buffer.allocUnsafeSlow(readBytes), callback } });
    const connection: Connection = { socket, take: () => {}, answer: Buffer.alloc(0) };
    socket.on('error', ({ code }: NodeJS.ErrnoException) => connection.take(ended.includes(code ?? '') ? 'gone' : 'late'));
    socket.on('close', () => {
      if (kept.get(path) === connection) kept.delete(path);
      connection.take('gone');
    });
    return connection;
  }

  /** A process may have ended while its connection was kept: it is queried again then. */
  async function ask(path: string, known: number, timeoutMs: number): Promise<Answer> {
    const last = kept.get(path);
    kept.delete(path);
    const before = isOpen(last) ? last : undefined;
    const connection = before ?? connect(path);
    const answer = await answerOf(connection, known, timeoutMs);
    if (Buffer.isBuffer(answer)) kept.set(path, connection);
    return answer === 'gone' && before !== undefined ? ask(path, known, timeoutMs) : answer;
  }

  return Object.freeze<RecordClient>({
    ask,
    isConnected: (path) => isOpen(kept.get(path)),
    disconnect: (path) => void kept.get(path)?.socket.destroy(),
    close() {
      for (const { socket } of kept.values()) socket.destroy();
    },
  });
}

function isOpen(connection: Connection | undefined): connection is Connection {
  return connection?.socket.writable === true;
}

function answerOf(connection: Connection, known: number, timeoutMs: number): Promise<Answer> {
  const { socket } = connection;
  return new Promise((resolve) => {
    let length = 0;
    let expected = 0;
    const end = (answer: Answer) => {
      clearTimeout(timer);
      // Nothing has requested more.
      connection.take = () => socket.destroy();
      if (Buffer.isBuffer(answer)) socket.unref();
      else socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, timeoutMs, 'late');
    connection.take = (read) => {
      if (typeof read === 'string') return end(read);
      if (length === 0) {
        expected = answerLength(read) ?? 0;
        if (expected > mostRecordBytes) return end('large');
        const why = whyNoAnswer(read);
        if (why !== undefined) return end({ why });
        if (connection.answer.length !== expected) connection.answer = Buffer.allocUnsafeSlow(Math.min(expected, mostAheadBytes));
      }
      if (length + read.length > expected) return end({ why: 'it sends more than a record' });
      connection.answer = withRoom(connection.answer, length + read.length, expected);
      length += read.copy(connection.answer, length);
      if (length === expected) end(connection.answer);
    };
    const question = Buffer.allocUnsafe(questionBytes);
    question.writeUInt32LE(known);
    socket.ref().write(question);
  });
}

function withRoom(bytes: Buffer, least: number, most: number): Buffer {
  if (least <= bytes.length) return bytes;
  const larger = Buffer.allocUnsafeSlow(Math.min(most, Math.max(least, 2 * bytes.length)));
  bytes.copy(larger);
  return larger;
}

export interface Answering {
  /** Listens at this path from now on; existing connections get responses, too. Rejects as `answerAt`. */
  move(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Keeps no process alive. Rejects with the error of `listen`. */
export async function answerAt(path: string, answer: (known: number) => Promise<Buffer>): Promise<Answering> {
  const sockets = new Set<Socket>();

  function serve(socket: Socket): void {
    sockets.add(socket.unref());
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let asked: number | undefined;
    let isAnswering = false;
    /** One response is sent at a time, however many are requested. */
    async function answerAll(): Promise<void> {
      isAnswering = true;
      while (asked !== undefined && !socket.destroyed) {
        const known = asked;
        asked = undefined;
        const bytes = await answer(known);
        await new Promise((resolve) => socket.write(bytes, resolve));
      }
      isAnswering = false;
    }
    socket.on('data', (question) => {
      asked = question.length < questionBytes ? 0 : question.readUInt32LE();
      if (!isAnswering) answerAll().catch(() => socket.destroy());
    });
  }

  async function listen(at: string): Promise<Server> {
    const made = createServer(serve);
    // A worker of a cluster would share its socket with the others.
    made.listen({ path: at, exclusive: true });
    await once(made, 'listening');
    return made.unref();
  }

  let server = await listen(path);
  return Object.freeze<Answering>({
    async move(to) {
      // Closing removes what is at its path, so it comes first.
      server.close();
      server = await listen(to);
    },
    async close() {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  });
}
